import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { me } from '../../app/session';
import { hindrance, ownFences } from '../../location/sharing';
import { NoPosition, freshFix } from '../../location/position';
import { Button, FormProblem, Notice, Prose, Section, Skeleton, toast } from '../../ui';
import { enrolThis, follow, notice, phones, switchOn, thisDevice } from './store';
import { t } from './words';

const PARTS = ['what', 'who', 'when', 'never', 'stop', 'app'] as const;

/** Everything a person must know, in plain words, before the browser asks for the permission; then the one button that turns it on. */
export function Explain() {
  const words = t();
  const busy = useSignal(false);
  const failure = useSignal<unknown>(null);
  useEffect(() => void notice().open(), []);
  const text = notice().value.value;
  if (me.value?.shared_computer) return <Notice tone="warn">{words.shared}</Notice>;
  const begin = async () => {
    if (!text || busy.value) return;
    busy.value = true;
    failure.value = null;
    try {
      await freshFix(); // the browser asks now, after the explanation; the fix itself is not used
      await switchOn(text.version, (await thisDevice()) ?? (await enrolThis(words.name)));
      await Promise.all([phones().refresh(), follow()]);
      toast(words.started);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  const judgedHere = ownFences().value.value?.evaluation === 'on_device';
  return (
    <Section title={words.explain.title}>
      <dl class="plain-words">
        {PARTS.map((part) => {
          const [head, said] = words.explain[part === 'never' && judgedHere ? 'onDevice' : part];
          return (
            <div key={part}>
              <dt>{head}</dt>
              <dd>{said}</dd>
            </div>
          );
        })}
      </dl>
      {text ? (
        <details>
          <summary>{words.read}</summary>
          <Prose text={text.text} from={3} />
        </details>
      ) : notice().failure.value ? (
        <FormProblem explained={explain(notice().failure.value)} />
      ) : (
        <Skeleton lines={1} />
      )}
      <Wrong failure={failure.value} />
      <Button wide look="primary" icon="pin" busy={busy.value} disabled={!text} onClick={() => void begin()}>
        {words.on}
      </Button>
    </Section>
  );
}

function Wrong({ failure }: { failure: unknown }) {
  if (failure === null) return null;
  if (failure instanceof NoPosition) {
    const { title, text } = t().trouble[failure.trouble];
    return <Notice tone="bad" title={title} children={text} />;
  }
  return <FormProblem explained={explain(failure)} />;
}

/** What hinders sharing at this moment. */
export function Hindered() {
  const trouble = hindrance.value;
  if (trouble === null) return null;
  const { title, text } = t().trouble[trouble];
  return <Notice tone="warn" title={title} children={text} />;
}
