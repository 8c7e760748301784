import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure, useForm } from '../../api';
import { at, setQuery } from '../../app/router';
import { dayOf, formatDay, formatTime } from '../../i18n';
import { listen } from '../../live/stream';
import { whenAccepted } from '../../offline/outbox';
import { Button, Dialog, Empty, ErrorState, FormProblem, Page, Section, Skeleton, Tabs, TextField, toast } from '../../ui';
import { changeOf, changeSaid, type Correction, CorrectionShown, ProposeDialog, Updated } from '../../workday';
import { PersonDialog } from './person-dialog';
import { decide, decided, type Missing, missing, waiting } from './store';
import { t } from './words';

const TABS = ['waiting', 'missing', 'decided'] as const;
type Tab = (typeof TABS)[number];
const asks = { waiting, missing, decided };

function refreshAll(): void {
  for (const tab of TABS) void asks[tab]().refresh();
}

function DecideDialog({ correction, status, onClose }: { correction: Correction; status: 'approved' | 'refused'; onClose: () => void }) {
  const words = t();
  const form = useForm({ reason: status === 'approved' ? words.approvedReason : '' }, async ({ reason }) => {
    try {
      await decide(correction, status, reason);
    } catch (error) {
      if (isFailure(error) && (error.status === 412 || error.status === 409)) refreshAll();
      throw error;
    }
    toast(words.decidedAs[status]);
    refreshAll();
    onClose();
  });
  return (
    <Dialog title={words.decideTitle[status](correction.person)} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <p>
          {formatDay(correction.worked_on)}: {changeSaid(changeOf(correction), correction.worked_on)}
        </p>
        <TextField {...form.field('reason')} label={words.reason} hint={words.reasonHint} rows={3} maxLength={1000} required />
        <footer class="actions">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look={status === 'approved' ? 'primary' : 'danger'} {...form.submit}>
            {words.decide[status]}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Waiting({ found }: { found: readonly Correction[] }) {
  const words = t();
  const deciding = useSignal<{ correction: Correction; status: 'approved' | 'refused' } | null>(null);
  return (
    <>
      <Section>
        <ul class="lines">
          {found.map((correction) => (
            <li key={correction.id} class="stack tight">
              <CorrectionShown correction={correction} named />
              <div class="actions start">
                <Button
                  icon="check"
                  label={words.decideOf.approved(correction.person)}
                  onClick={() => (deciding.value = { correction, status: 'approved' })}
                >
                  {words.decide.approved}
                </Button>
                <Button
                  icon="close"
                  label={words.decideOf.refused(correction.person)}
                  onClick={() => (deciding.value = { correction, status: 'refused' })}
                >
                  {words.decide.refused}
                </Button>
                <a href={`/attendance/${correction.person_id}?view=day&on=${correction.worked_on}`}>{words.seeDay}</a>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      {deciding.value && <DecideDialog {...deciding.value} onClose={() => (deciding.value = null)} />}
    </>
  );
}

function Forgotten({ found }: { found: readonly Missing[] }) {
  const words = t();
  const proposing = useSignal<Missing | null>(null);
  const one = proposing.value;
  return (
    <>
      <Section about={words.missingAbout}>
        <ul class="lines">
          {found.map((punch) => (
            <li key={punch.punch_id} class="row spread">
              <div>
                <a href={`/attendance/${punch.person_id}?view=day&on=${dayOf(punch.at)}`}>{punch.name}</a>
                <p class="muted small">
                  {formatDay(dayOf(punch.at))}: {words.inAt(formatTime(punch.at))}
                </p>
              </div>
              <Button icon="edit" label={words.completeOf(punch.name)} onClick={() => (proposing.value = punch)}>
                {words.complete}
              </Button>
            </li>
          ))}
        </ul>
      </Section>
      {one && (
        <ProposeDialog
          person={one}
          worked_on={dayOf(one.at)}
          about={{ kind: 'clock_out_missing', at: one.at }}
          onClose={() => (proposing.value = null)}
          onSent={() => {
            proposing.value = null;
            refreshAll();
          }}
        />
      )}
    </>
  );
}

function Part({ tab }: { tab: Tab }) {
  const words = t();
  const asked = asks[tab]();
  const { value: failure } = asked.failure;
  const found = asked.value.value;
  if (!found) return failure ? <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} /> : <Skeleton lines={6} />;
  if (found.length === 0) {
    return (
      <Empty icon="check" title={words.empty[tab].title}>
        {words.empty[tab].text}
      </Empty>
    );
  }
  if (tab === 'missing') return <Forgotten found={missing().value.value ?? []} />;
  if (tab === 'waiting') return <Waiting found={waiting().value.value ?? []} />;
  return (
    <Section>
      <ul class="lines">
        {(decided().value.value ?? []).map((correction) => (
          <li key={correction.id} class="stack tight">
            <CorrectionShown correction={correction} named />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What managers settle: proposals to decide, clock-outs that are missing; and proposing for somebody. */
export default function CorrectionsScreen() {
  const words = t();
  const tab = TABS.find((known) => known === at.value.query.get('tab')) ?? 'waiting';
  const choosing = useSignal(false);
  const person = useSignal<{ person_id: string; name: string } | null>(null);
  useEffect(() => {
    for (const one of TABS) void asks[one]().open();
    const stops = [
      listen({ kind: 'correction', onNews: refreshAll, onFresh: () => undefined }),
      whenAccepted(['correction', 'punch'], refreshAll),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const asked = asks[tab]();
  const counts = { waiting: waiting().value.value?.length, missing: missing().value.value?.length, decided: undefined };
  return (
    <Page
      title={words.title}
      about={<Updated at={asked.fetched_ms.value} />}
      busy={asked.loading.value && asked.value.value !== null}
      actions={
        <Button icon="add" onClick={() => (choosing.value = true)}>
          {words.proposeForSomebody}
        </Button>
      }
    >
      <Tabs
        label={words.title}
        current={tab}
        tabs={TABS.map((id) => ({ id, label: counts[id] ? words.counted(words.tabs[id], counts[id]) : words.tabs[id] }))}
        onChange={(next) => setQuery({ tab: next === 'waiting' ? null : next })}
      >
        <Part key={tab} tab={tab} />
      </Tabs>
      {choosing.value && (
        <PersonDialog
          onClose={() => (choosing.value = false)}
          onChosen={(chosen) => {
            choosing.value = false;
            person.value = chosen;
          }}
        />
      )}
      {person.value && (
        <ProposeDialog
          person={person.value}
          worked_on={dayOf(Date.now())}
          onClose={() => (person.value = null)}
          onSent={() => {
            person.value = null;
            refreshAll();
          }}
        />
      )}
    </Page>
  );
}
