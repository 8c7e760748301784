/** The deny list: why, until when, and how often somebody was stopped. Never who: names are not kept. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { approve, type Denied, propose, REASONS, removeDenied } from '../../api/visits';
import { may, me } from '../../app/session';
import { dayOf, formatDate } from '../../i18n';
import { Button, confirm, Dialog, Empty, ErrorState, FormProblem, Page, Select, Skeleton, Status, Table, TextField, toast } from '../../ui';
import { denied } from './rules-api';
import { t } from './words';

const inDays = (days: number) => dayOf(Date.now() + days * 86_400_000);

function Propose({ onClose }: { onClose: () => void }) {
  const words = t().deny;
  const form = useForm({ name: '', reason: 'other' as Denied['reason'], expires_on: inDays(90) }, async (values) => {
    await propose(values);
    toast(words.proposed);
    await denied().refresh();
    onClose();
  });
  return (
    <Dialog title={words.add} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <TextField {...form.field('name')} label={words.name} hint={words.nameHint} maxLength={200} autocomplete="off" required />
        <Select {...form.field('reason')} label={words.reason} options={REASONS.map((value) => ({ value, label: words.reasons[value] }))} />
        <TextField {...form.field('expires_on')} label={words.until} type="date" min={inDays(1)} max={inDays(365)} required />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.propose}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Approve({ of, onClose }: { of: Denied; onClose: () => void }) {
  const words = t().deny;
  const form = useForm({ name: '' }, async ({ name }) => {
    await approve(of.id, name);
    toast(words.approved);
    await denied().refresh();
    onClose();
  });
  return (
    <Dialog title={words.approve} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <TextField {...form.field('name')} label={words.name} hint={words.approveHint} maxLength={200} autocomplete="off" required />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.approve}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export default function DenyList() {
  const words = t().deny;
  const asked = denied();
  const proposes = useSignal(false);
  const approves = useSignal<Denied | null>(null);
  const trouble = useSignal<unknown>(null);
  useEffect(() => void asked.open(), []);
  const rows = asked.value.value;
  const takeOff = async (of: Denied) => {
    if (!(await confirm({ title: words.removeTitle, text: words.removeText, action: words.remove, danger: true }))) return;
    try {
      await removeDenied(of.id);
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    }
    await asked.refresh();
  };
  const mayApprove = may('deny.approve', 'all');
  return (
    <Page
      title={words.title}
      about={words.about}
      back={{ href: '/visit-history', label: words.back }}
      actions={
        <Button look="primary" icon="add" onClick={() => (proposes.value = true)}>
          {words.add}
        </Button>
      }
    >
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      {rows === null &&
        (asked.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {rows?.length === 0 && (
        <Empty icon="shield" title={words.empty.title}>
          {words.empty.text}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Table
          caption={words.title}
          rows={rows}
          rowKey={(one) => one.id}
          columns={[
            { key: 'reason', head: words.reason, cell: (one) => words.reasons[one.reason] },
            { key: 'made', head: words.made, cell: (one) => formatDate(one.created_at) },
            { key: 'until', head: words.until, cell: (one) => formatDate(`${one.expires_on}T12:00:00Z`) },
            {
              key: 'state',
              head: words.state,
              cell: (one) => <Status tone={one.approved_at ? 'good' : 'warn'}>{one.approved_at ? words.counts : words.waits}</Status>,
            },
            { key: 'hits', head: words.hits, align: 'end', cell: (one) => one.hits },
            {
              key: 'do',
              head: t().actions,
              bare: true,
              align: 'end',
              cell: (one) =>
                mayApprove && (
                  <div class="actions">
                    {!one.approved_at && one.proposed_by !== me.value?.person_id && (
                      <Button onClick={() => (approves.value = one)}>{words.approve}</Button>
                    )}
                    <Button look="quiet" icon="trash" label={words.remove} onClick={() => void takeOff(one)} />
                  </div>
                ),
            },
          ]}
        />
      )}
      {proposes.value && <Propose onClose={() => (proposes.value = false)} />}
      {approves.value && <Approve of={approves.value} onClose={() => (approves.value = null)} />}
    </Page>
  );
}
