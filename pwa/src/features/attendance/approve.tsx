import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useForm } from '../../api';
import { at } from '../../app/router';
import { dayOf, formatDay } from '../../i18n';
import { Button, Checkbox, Empty, Facts, FormProblem, Notice, Page, Progress, Section, Select, TextField } from '../../ui';
import { addDays, periodOf, workdays } from '../../workday';
import './attendance.css';
import { type Approval, approve, groups } from './store';
import { t } from './words';

const REASONS = ['question_open', 'correction_waits', 'still_inside', 'not_over'] as const;

/** Days that were left out, by reason, each a link to the person's day. */
function LeftOut({ approval, names }: { approval: Approval; names: ReadonlyMap<string, string> }) {
  const words = t();
  if (approval.skipped === 0) return null;
  return (
    <Section title={words.leftOut(approval.skipped)} about={words.leftOutText}>
      {REASONS.map((reason) => {
        const days = approval.left_out.filter((one) => one.reason === reason);
        return days.length === 0 ? null : (
          <div key={reason} class="stack tight">
            <h3>
              {words.reasons[reason]} ({days.length})
            </h3>
            <ul class="lines">
              {days.map(({ person_id, worked_on }) => (
                <li key={`${person_id} ${worked_on}`} class="row spread">
                  <a href={`/attendance/${person_id}?view=week&on=${worked_on}`}>{names.get(person_id) ?? words.somebody}</a>
                  <span class="muted">{formatDay(worked_on)}</span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      {approval.skipped > approval.left_out.length && <p class="muted">{words.notAllNamed(approval.left_out.length)}</p>}
    </Section>
  );
}

function Result({ approval, names }: { approval: Approval; names: ReadonlyMap<string, string> }) {
  const words = t();
  const isRunning = approval.status === 'running';
  return (
    <>
      <Section title={isRunning ? words.running : words.result}>
        {isRunning && <Progress done={approval.people === 0 ? 0 : approval.people_done / approval.people} label={words.running} />}
        <p role="status">
          {isRunning && words.progress(approval.people_done, approval.people)}
          {approval.status === 'done' && words.done(approval.approved)}
        </p>
        {approval.status === 'failed' && (
          <Notice tone="bad" title={words.failed.title}>
            {words.failed.text}
          </Notice>
        )}
        <Facts
          of={[
            [words.approvedNow, approval.approved],
            [words.approvedBefore, approval.approved_before],
            [words.notReady, approval.skipped],
          ]}
        />
      </Section>
      <LeftOut approval={approval} names={names} />
    </>
  );
}

/** Approve the days of a period, see how far it is, and which days are not ready and why. */
export default function ApproveScreen() {
  const words = t();
  const { query } = at.value;
  const lastMonth = periodOf('month', addDays(periodOf('month', dayOf(Date.now())).first, -1));
  const approval = useSignal<Approval | null>(null);
  const left = useRef(new AbortController());
  const form = useForm(
    {
      first: query.get('first') ?? lastMonth.first,
      last: query.get('last') ?? lastMonth.last,
      group_id: query.get('group') ?? '',
      despite_questions: false,
    },
    async ({ group_id, ...wanted }) => {
      approval.value = null;
      void workdays(wanted, { group_id }).open();
      await approve({ ...wanted, ...(group_id && { group_id }) }, (found) => (approval.value = found), left.current.signal);
    },
  );
  useEffect(() => {
    void groups().open();
    return () => left.current.abort();
  }, []);
  const known = groups().value.value ?? [];
  const { first, last, group_id } = form.values;
  const people = workdays({ first, last }, { group_id }).value.value ?? [];
  const names = new Map(people.map((person) => [person.person_id, person.name]));
  return (
    <Page title={words.approveTitle} about={words.approveAbout} back={{ href: `/attendance?view=month&on=${first}`, label: words.title }}>
      <Section>
        <form class="stack" {...form.props}>
          <FormProblem {...form.problem} />
          <div class="two">
            <TextField {...form.field('first')} type="date" label={words.first} required />
            <TextField {...form.field('last')} type="date" label={words.last} required />
            {known.length > 0 && (
              <Select
                {...form.field('group_id')}
                required={false}
                label={words.group}
                options={[{ value: '', label: words.allGroups }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
              />
            )}
          </div>
          <Checkbox {...form.field('despite_questions')} label={words.despite} hint={words.despiteHint} />
          <div class="actions">
            <Button look="primary" icon="check" {...form.submit}>
              {words.approvePeriod}
            </Button>
          </div>
        </form>
      </Section>
      {approval.value ? (
        <Result approval={approval.value} names={names} />
      ) : (
        <Empty icon="check" title={words.before.title} children={words.before.text} />
      )}
    </Page>
  );
}
