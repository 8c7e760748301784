/** Staffing rules: at least so many of a group inside a geofence in certain hours, else a group is warned. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { readStaffingRule, retireStaffingRule, type StaffingRule, staffingRules } from '../../api/alerts';
import { may } from '../../app/session';
import { byName, formatSince } from '../../i18n';
import { currentFences } from '../../map/fences';
import { listen } from '../../live/stream';
import { groups, usePages } from '../../people';
import { daysWords, timesWords } from '../../people/weekly-words';
import { Age, Button, confirm, Empty, ErrorState, type Explained, FormProblem, Menu, Page, Skeleton, Status, Table, toast } from '../../ui';
import { RuleDialog } from './form';
import { t } from './words';

const hours = ({ starts_at, ends_at }: StaffingRule) => ({ starts_at: starts_at.slice(0, 5), ends_at: ends_at.slice(0, 5) });

function Rules({
  rules,
  onEdit,
  onRetire,
}: {
  rules: readonly StaffingRule[];
  onEdit: (rule: StaffingRule) => void;
  onRetire: (rule: StaffingRule) => void;
}) {
  const words = t();
  const group = (id: string) => groups().value.value?.find((one) => one.id === id)?.name ?? '…';
  const fence = (id: string) => currentFences().value.value?.lines.find((one) => one.id === id)?.name ?? '…';
  return (
    <Table
      caption={words.title}
      rows={rules.toSorted(byName((rule) => rule.name))}
      rowKey={(rule) => rule.id}
      columns={[
        { key: 'name', head: words.name, cell: (rule) => rule.name },
        { key: 'rule', head: words.rule, cell: (rule) => words.says(rule.at_least, group(rule.group_id), fence(rule.fence_id)) },
        { key: 'when', head: words.when, cell: (rule) => `${daysWords(rule.weekdays)}, ${timesWords(hours(rule))}` },
        { key: 'warns', head: words.warns, cell: (rule) => group(rule.warns_group_id) },
        {
          key: 'stands',
          head: words.stands,
          cell: (rule) =>
            rule.below_since ? (
              <Status tone="bad" icon="alert">
                {words.below(formatSince(rule.below_since))}
              </Status>
            ) : (
              <Status tone="good">{words.enough}</Status>
            ),
        },
        {
          key: 'actions',
          head: words.actions,
          bare: true,
          cell: (rule) =>
            may('staffing.edit', 'all') && (
              <Menu
                label={words.editOf(rule.name)}
                actions={[
                  { label: words.edit, icon: 'edit', run: () => onEdit(rule) },
                  { label: words.retire, icon: 'trash', danger: true, run: () => onRetire(rule) },
                ]}
              />
            ),
        },
      ]}
    />
  );
}

export default function Staffing() {
  const words = t();
  const pages = usePages('staffing-rules', staffingRules);
  const dialog = useSignal<{ opened: { value: StaffingRule; etag: string } | null } | null>(null);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => {
    void groups().open();
    void currentFences().open();
    return listen({ kind: 'staffing', onNews: () => void pages.reload(), onFresh: () => void pages.reload() });
  }, []);
  const trying = async (work: () => Promise<unknown>) => {
    trouble.value = null;
    try {
      await work();
    } catch (error) {
      trouble.value = explain(error);
    }
  };
  const open = (rule: StaffingRule) => void trying(async () => (dialog.value = { opened: await readStaffingRule(rule.id) }));
  const retire = async (rule: StaffingRule) => {
    if (!(await confirm({ title: words.retireTitle, text: words.retireText, action: words.retire, danger: true }))) return;
    await trying(async () => {
      await retireStaffingRule(rule.id);
      toast(words.retired);
    });
    await pages.reload();
  };
  const rules = pages.items?.filter((rule) => !rule.retired_at) ?? null;
  const wrong = pages.first.failure.value;
  return (
    <Page
      title={words.title}
      back={{ href: '/alerts', label: words.back }}
      about={words.about}
      actions={
        may('staffing.edit', 'all') && (
          <Button look="primary" icon="add" onClick={() => (dialog.value = { opened: null })}>
            {words.add}
          </Button>
        )
      }
    >
      <FormProblem explained={trouble.value} />
      {rules === null ? (
        wrong ? (
          <ErrorState explained={explain(wrong)} onRetry={() => void pages.first.refresh()} />
        ) : (
          <Skeleton />
        )
      ) : rules.length === 0 ? (
        <Empty icon="group" title={words.none.title}>
          {words.none.text}
        </Empty>
      ) : (
        <Rules rules={rules} onEdit={open} onRetire={(rule) => void retire(rule)} />
      )}
      <p class="hint">
        {words.counts} {pages.first.fetched_ms.value && <Age at={pages.first.fetched_ms.value} />}
      </p>
      {dialog.value && <RuleDialog opened={dialog.value.opened} onClose={() => (dialog.value = null)} onDone={() => void pages.reload()} />}
    </Page>
  );
}
