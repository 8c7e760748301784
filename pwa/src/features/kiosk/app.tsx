import { useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LANGUAGES, language, setLanguage } from '../../i18n';
import { clock } from '../../offline/clock';
import { troubled, unsent } from '../../offline/outbox';
import { Button, Icon, now } from '../../ui';
import { isAway, revoked } from './ask';
import { ChooseStep, DoneStep } from './choose';
import { kiosk } from './device';
import { Enrol } from './enrol';
import { type Step, step, trouble, wipesIn_s } from './flow';
import { IdleStep, NumberStep } from './idle';
import { KeeperStep, KeepingStep } from './keeper';
import { PinStep } from './pin';
import { ScanStep } from './scan';
import { ArrivedStep, ByeStep } from './visit/arrived';
import { AgreeStep, DetailsStep, NameStep } from './visit/telling';
import { ArriveStep, HereStep, LeaveStep } from './visit/welcome';
import { t } from './words';

const STEPS: Record<Step, ComponentType> = {
  idle: IdleStep,
  scan: ScanStep,
  number: NumberStep,
  pin: PinStep,
  choose: ChooseStep,
  done: DoneStep,
  keeper: KeeperStep,
  keeping: KeepingStep,
  arrive: ArriveStep,
  name: NameStep,
  details: DetailsStep,
  agree: AgreeStep,
  arrived: ArrivedStep,
  here: HereStep,
  leave: LeaveStep,
  bye: ByeStep,
};

function Head() {
  return (
    <header class="kiosk-head">
      <p>
        <Icon name="building" />
        <span>{kiosk.value ? `${kiosk.value.organization} · ${kiosk.value.site}` : 'Muster'}</span>
      </p>
      <div class="segments" role="group" aria-label={t().language}>
        {LANGUAGES.map((each) => (
          <button
            type="button"
            key={each}
            lang={each}
            aria-pressed={each === language.value}
            onClick={() => void setLanguage(each, { keep: false })}
          >
            {t().languages[each]}
          </button>
        ))}
      </div>
    </header>
  );
}

/** What does not work now, and what still does. No names: whoever passes by can read it. */
function Strip() {
  const words = t().strip;
  const away = isAway.value;
  const isUnsure = away && now.value > 0 && clock().offset_ms !== null && !clock().sure;
  const lines = [
    away ? words.away : '',
    unsent.value > 0 && away ? words.waiting(unsent.value) : '',
    isUnsure ? words.clock : '',
    troubled.value.length > 0 ? words.lost(troubled.value.length) : '',
  ].filter(Boolean);
  return (
    <div role="status">
      {lines.length > 0 && (
        <p class="strip">
          <Icon name={away ? 'cloudOff' : 'alert'} />
          <span>{lines.join(' ')}</span>
        </p>
      )}
    </div>
  );
}

/** All of the kiosk: what it stands for, one step, and the way in for its keeper. */
export function App() {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = t().title;
  }, [language.value]);
  useSignalEffect(() => {
    void [step.value, trouble.value];
    // after the step is drawn: readers hear where they are, and no keyboard opens by itself
    requestAnimationFrame(() => {
      if (!first.current) main.current?.querySelector<HTMLElement>('[role=alert], h1')?.focus();
      first.current = false;
    });
  });
  const isOut = kiosk.value === null || revoked.value;
  const StepNow = STEPS[step.value];
  return (
    <div class="kiosk">
      <Head />
      <Strip />
      <main ref={main}>{isOut && step.value !== 'keeper' && step.value !== 'keeping' ? <Enrol /> : <StepNow key={step.value} />}</main>
      <footer class="kiosk-foot">
        <p role="status">{wipesIn_s.value !== null && t().wipes(wipesIn_s.value)}</p>
        {kiosk.value !== null && step.value === 'idle' && (
          <Button look="quiet" icon="settings" label={t().keeper.open} onClick={() => (step.value = 'keeper')} />
        )}
      </footer>
    </div>
  );
}
