import { Button, Icon, Notice } from '../../ui';
import { busy, choose, done, greeted, type Kind, person, wipe } from './flow';
import { Troubles } from './parts';
import { t } from './words';

/** In or out: what is suggested comes first and stands out. */
export function ChooseStep() {
  const words = t().choose;
  const suggested = person.value?.suggested;
  const order: readonly Kind[] = suggested === 'out' ? ['out', 'in'] : ['in', 'out'];
  return (
    <div class="step">
      <h1 tabIndex={-1}>{greeted.value ? words.hello(greeted.value) : words.helloNobody}</h1>
      {!person.value && <Notice tone="warn">{words.away}</Notice>}
      <Troubles />
      <div class="choices">
        {order.map((kind) => (
          <Button
            key={kind}
            wide
            look={kind === suggested ? 'primary' : 'plain'}
            icon={kind === 'in' ? 'arrowRight' : 'signOut'}
            busy={busy.value}
            onClick={() => void choose(kind)}
          >
            {words[kind]}
          </Button>
        ))}
      </div>
      <Button look="quiet" icon="arrowLeft" onClick={wipe}>
        {person.value ? words.notMe : t().back}
      </Button>
    </div>
  );
}

/** What became of it. Goes away by itself. */
export function DoneStep() {
  const now = done.value;
  const words = t().done;
  if (!now) return null;
  const said = now.arrived ? words[now.kind] : now.kind === 'in' ? words.keptIn : words.keptOut;
  return (
    <div class={now.arrived ? 'step done' : 'step done kept'}>
      <span class="seal">
        <Icon name={now.arrived ? 'check' : 'wait'} />
      </span>
      <h1 tabIndex={-1}>{said(now.at_ms)}</h1>
      {now.name && <p class="bye">{words.bye(now.name)}</p>}
      {!now.arrived && <Notice tone="warn">{words.kept}</Notice>}
      {now.already && <Notice tone="warn">{now.kind === 'in' ? words.alreadyIn : words.alreadyOut}</Notice>}
      <Button look="primary" wide onClick={wipe}>
        {words.ok}
      </Button>
    </div>
  );
}
