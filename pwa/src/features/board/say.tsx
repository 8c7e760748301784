/** Say more to everybody who had the alert: an update, the all clear (which ends it), or that it was wrong (which cancels it). */
import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { type Alert, sendUpdate } from '../../api/alerts';
import type { Texts } from '../../api/messaging-types';
import { isWritten, TextsEditor } from '../../messaging';
import { Button, Dialog, type Explained, FormProblem, toast } from '../../ui';
import { READY } from './ready';
import { alertOf } from './store';
import { t } from './words';

export type Kind = 'update' | 'all_clear' | 'cancel';

export function Say({ alert, kind, onClose }: { alert: Alert; kind: Kind; onClose: () => void }) {
  const words = t().say[kind];
  const own = Object.fromEntries(Object.keys(alert.texts).map((locale) => [locale, READY[kind][locale] ?? { subject: '', body: '' }]));
  const texts = useSignal<Texts>(own);
  const busy = useSignal(false);
  const wrong = useSignal<Explained | null>(null);
  const send = async () => {
    [busy.value, wrong.value] = [true, null];
    try {
      await sendUpdate(alert.id, { kind, texts: texts.value });
      toast(words.done);
      onClose();
    } catch (failure) {
      const said = explain(failure);
      wrong.value = { ...said, next: [...said.fields.values()].join(' ') || said.next };
    }
    busy.value = false;
    await alertOf(alert.id).refresh();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t().notNow}</Button>
          <Button
            look={kind === 'cancel' ? 'danger' : 'primary'}
            busy={busy.value}
            disabled={!isWritten(texts.value)}
            onClick={() => void send()}
          >
            {words.action}
          </Button>
        </>
      }
    >
      <p class="muted">{words.text}</p>
      <FormProblem explained={wrong.value} />
      <TextsEditor value={texts.value} onValue={(value) => (texts.value = value)} />
    </Dialog>
  );
}
