import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { me } from '../../app/session';
import { dayOf } from '../../i18n';
import { listen } from '../../live/stream';
import { whenAccepted } from '../../offline/outbox';
import { Button, confirm, FormProblem, toast } from '../../ui';
import { type Correction, CorrectionShown, ProposeDialog } from '../../workday';
import { Asked } from './asked';
import { corrections, withdraw } from './store';
import { Unsent } from './unsent';
import { t } from './words';

/** What was proposed about one's days, by whomever, and what became of it. */
export function Corrections({ person_id }: { person_id: string }) {
  const words = t();
  const asked = corrections(person_id);
  const proposing = useSignal(false);
  const failure = useSignal<unknown>(null);
  const refresh = () => void asked.refresh();
  useEffect(() => {
    const stops = [
      listen({ kind: 'correction', onNews: refresh, onFresh: () => undefined }),
      whenAccepted(['correction', 'answer'], refresh),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const takeBack = async (correction: Correction) => {
    failure.value = null;
    if (!(await confirm({ title: words.withdrawTitle, text: words.withdrawText, action: words.withdraw }))) return;
    try {
      await withdraw(correction.id);
      toast(words.withdrawn);
    } catch (error) {
      failure.value = error;
    }
    refresh();
  };
  return (
    <>
      <div class="actions">
        <Button icon="edit" onClick={() => (proposing.value = true)}>
          {words.propose}
        </Button>
      </div>
      <Unsent />
      {failure.value !== null && <FormProblem explained={explain(failure.value)} />}
      <Asked title={words.corrections} about={words.correctionsAbout} none={words.correctionsNone} of={asked}>
        {(found) => (
          <ul class="lines">
            {found.map((correction) => (
              <li key={correction.id} class="stack tight">
                <CorrectionShown correction={correction} named={false} />
                {correction.status === 'proposed' && correction.proposed_by === me.value?.person_id && (
                  <div class="actions start">
                    <Button icon="undo" onClick={() => void takeBack(correction)}>
                      {words.withdraw}
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </Asked>
      {proposing.value && (
        <ProposeDialog
          worked_on={dayOf(Date.now())}
          onClose={() => (proposing.value = false)}
          onSent={() => {
            proposing.value = false;
            refresh();
          }}
        />
      )}
    </>
  );
}
