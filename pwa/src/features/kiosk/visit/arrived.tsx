import { useSignal } from '@preact/signals';
import { language } from '../../../i18n';
import { Button, Icon, Notice, Prose } from '../../../ui';
import { wipe } from '../flow';
import { Badge } from './badge';
import { gone, standing, told } from './flow';
import { form } from './form';
import { t } from './words';

const typeOf = (id: string) => form.value?.types.find((type) => type.id === id);

/** What became of an arrival. */
export function ArrivedStep() {
  const now = told.value;
  if (now?.is === 'in') return <Welcome {...now} />;
  if (now?.is === 'kept') return <Kept {...now} />;
  return <Wait />;
}

/** For all who may not go on at once, whatever the reason: the same words, and nothing of the answer. */
function Wait() {
  const words = t().arrived;
  return (
    <div class="step done kept">
      <span class="seal">
        <Icon name="wait" />
      </span>
      <h1 tabIndex={-1}>{words.wait}</h1>
      <p class="bye" role="status">
        {words.waitText}
      </p>
      <Button wide onClick={wipe}>
        {words.ok}
      </Button>
    </div>
  );
}

/** What the site tells everybody who comes in. */
function HouseRules() {
  const rules = form.value?.house_rules;
  const text = rules?.[language.value] ?? rules?.nl ?? rules?.en;
  if (!text) return null;
  return (
    <details class="rules">
      <summary>{t().arrived.rules}</summary>
      <Prose text={text} />
    </details>
  );
}

interface In {
  visit_id: string;
  name: string;
  host: string | null;
  badge: boolean;
  number: number | null;
  deletes_on: string;
  at_ms: number;
}

function Welcome({ visit_id, name, host, badge, number, deletes_on, at_ms }: In) {
  const words = t().arrived;
  return (
    <div class="step done">
      <span class="seal">
        <Icon name="check" />
      </span>
      <h1 tabIndex={-1}>{words.welcome(name)}</h1>
      <p class="bye">{host ? words.told(host) : words.toldSomebody}</p>
      {badge && <Printing badge={{ name, host, number, at_ms }} visit_id={visit_id} />}
      <HouseRules />
      <p class="hint">{words.deletes(deletes_on)}</p>
      <Button wide look={badge ? 'plain' : 'primary'} onClick={wipe}>
        {words.ok}
      </Button>
    </div>
  );
}

function Kept({ name, type_id, at_ms }: { name: string; type_id: string; at_ms: number }) {
  const words = t().arrived;
  const type = typeOf(type_id);
  return (
    <div class="step done kept">
      <span class="seal">
        <Icon name="wait" />
      </span>
      <h1 tabIndex={-1}>{name ? words.kept(name) : words.kept('')}</h1>
      <Notice tone="warn">{words.keptText}</Notice>
      {type?.badge && <Printing badge={{ name, host: null, number: null, at_ms }} visit_id={null} />}
      {type && <p class="hint">{words.deletesAfter(type.keep_days)}</p>}
      <Button wide look={type?.badge ? 'plain' : 'primary'} onClick={wipe}>
        {words.ok}
      </Button>
    </div>
  );
}

interface Printed {
  name: string;
  host: string | null;
  number: number | null;
  at_ms: number;
}

/** The badge, by the browser's own printing. No browser tells whether paper came out, so whoever stands there is asked. */
function Printing({ badge, visit_id }: { badge: Printed; visit_id: string | null }) {
  const state = useSignal<'ready' | 'busy' | 'asking' | 'printed' | 'failed'>('ready');
  const qr = useSignal<string | null>(null);
  const words = t().arrived;
  const print = async () => {
    state.value = 'busy';
    if (visit_id && !qr.value) qr.value = (await standing(visit_id))?.qr ?? null;
    await new Promise(requestAnimationFrame); // the badge is drawn with its code
    try {
      window.print();
      state.value = 'asking';
    } catch {
      state.value = 'failed';
    }
  };
  return (
    <>
      <Badge {...badge} qr={qr.value} />
      {state.value === 'failed' && (
        <Notice tone="bad" title={words.printerGone.title}>
          {words.printerGone.text}
        </Notice>
      )}
      {state.value === 'asking' ? (
        <div class="stack tight asked" role="group" aria-label={words.printing}>
          <p>{words.printing}</p>
          <div class="actions">
            <Button look="primary" onClick={() => (state.value = 'printed')}>
              {words.printed}
            </Button>
            <Button onClick={() => (state.value = 'failed')}>{words.notPrinted}</Button>
          </div>
        </div>
      ) : (
        state.value !== 'printed' && (
          <Button wide look="primary" busy={state.value === 'busy'} onClick={() => void print()}>
            {state.value === 'failed' ? words.again : words.badge}
          </Button>
        )
      )}
    </>
  );
}

/** They are gone. */
export function ByeStep() {
  const now = gone.value;
  const words = t().bye;
  if (!now) return null;
  return (
    <div class={now.arrived ? 'step done' : 'step done kept'}>
      <span class="seal">
        <Icon name={now.arrived ? 'check' : 'wait'} />
      </span>
      <h1 tabIndex={-1}>{now.arrived ? words.heading(now.at_ms) : words.kept(now.at_ms)}</h1>
      {now.arrived ? <p class="bye">{words.text}</p> : <Notice tone="warn">{words.keptText}</Notice>}
      <Button wide look="primary" onClick={wipe}>
        {words.ok}
      </Button>
    </div>
  );
}
