import { useSignal } from '@preact/signals';
import type { WalkIn } from '../../api/kiosk-visits-types';
import { formatDateTime } from '../../i18n';
import { clock } from '../../offline/clock';
import { discard, type Entry, troubled, unsent } from '../../offline/outbox';
import { wipe as wipeDevice } from '../../offline/wipe';
import { Button, confirm, Confirmation, Facts, Notice, now } from '../../ui';
import { reached } from './ask';
import { isKeeper, kiosk } from './device';
import { step, wipe } from './flow';
import { StepFrame } from './parts';
import { PinPad } from './pin';
import { receives } from './visit/form';
import { t as visit } from './visit/words';
import { t } from './words';

const FREE_TRIES = 3;
const LONGEST_S = 300;
let failures = 0;
let open_ms = 0;

/** The PIN that the keeper chose for this tablet. After a few failures each try must wait longer. */
export function KeeperStep() {
  const busy = useSignal(false);
  const wrong = useSignal(false);
  const wait_s = Math.max(0, Math.ceil((open_ms - (now.value && performance.now())) / 1000));
  const words = t().keeper;
  const give = async (pin: string) => {
    if (performance.now() < open_ms) return;
    busy.value = true;
    const right = await isKeeper(pin);
    busy.value = false;
    failures = right ? 0 : failures + 1;
    if (failures > FREE_TRIES) open_ms = performance.now() + 1000 * Math.min(LONGEST_S, 2 ** (failures - FREE_TRIES + 1));
    wrong.value = !right;
    if (right && step.value === 'keeper') step.value = 'keeping';
  };
  return (
    <StepFrame title={words.heading}>
      {wrong.value && (
        <Notice tone="bad" title={words.wrong.title}>
          {words.wrong.text(wait_s)}
        </Notice>
      )}
      <PinPad onPin={give} isBusy={busy.value || wait_s > 0} />
    </StepFrame>
  );
}

function clockInWords(): string {
  const words = t().keeper;
  const { offset_ms } = clock();
  if (offset_ms === null) return words.clockUnknown;
  const minutes = Math.round(Math.abs(offset_ms) / 60_000);
  return minutes ? words.clockOff(minutes) : words.clockRight;
}

/** An entry that the server did not take, for the keeper to enter by hand. Only here a name is shown. */
function Refused({ entry }: { entry: Entry }) {
  const words = t().keeper;
  const { name, code, walk_in, kind } = (entry.body ?? {}) as { name?: string; code?: string; walk_in?: WalkIn; kind?: 'in' | 'out' };
  const done = { kiosk_arrival: visit().keeper.arrival, kiosk_departure: visit().keeper.departure }[entry.kind as string];
  return (
    <li>
      <span>
        <strong>{walk_in?.name ?? name ?? (done && code) ?? words.unnamed}</strong>
        <br />
        {formatDateTime(entry.made_ms)} · {done ?? (kind === 'out' ? words.out : words.in)}
      </span>
      <Button onClick={() => void discard(entry.key)}>{words.off}</Button>
    </li>
  );
}

async function leave(): Promise<void> {
  const words = t().keeper;
  const sure = await confirm({
    title: words.leaveTitle,
    text: words.leaveText(unsent.value + troubled.value.length),
    action: words.leave,
    danger: true,
  });
  if (!sure) return;
  await wipeDevice();
  location.reload();
}

/** For whoever looks after the tablet. */
export function KeepingStep() {
  const words = t().keeper;
  const found = kiosk.value;
  return (
    <div class="step keeping">
      <h1 tabIndex={-1}>{words.title}</h1>
      <Facts
        of={[
          [words.organization, found?.organization],
          [words.site, found?.site],
          [words.device, found?.name],
          [words.network, reached.value ? words.reached : words.notReached],
          [words.clock, clockInWords()],
          [words.waiting, unsent.value || null],
        ]}
      />
      {troubled.value.length > 0 ? (
        <section class="stack tight">
          <h2>{words.refused}</h2>
          <p class="muted">{words.refusedAbout}</p>
          <ul class="refused">
            {troubled.value.map((entry) => (
              <Refused key={entry.key} entry={entry} />
            ))}
          </ul>
        </section>
      ) : (
        unsent.value === 0 && <p class="muted">{words.nothing}</p>
      )}
      {receives() && !reached.value && (
        <section class="stack tight">
          <h2>{visit().keeper.away}</h2>
          <ul>
            {visit().keeper.awayList.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <Button look="primary" wide onClick={wipe}>
        {words.close}
      </Button>
      <div class="actions">
        {document.fullscreenEnabled && (
          <Button onClick={() => void document.documentElement.requestFullscreen().then(wipe)}>{words.fullscreen}</Button>
        )}
        <Button look="danger" onClick={() => void leave()}>
          {words.leave}
        </Button>
      </div>
      <Confirmation />
    </div>
  );
}
