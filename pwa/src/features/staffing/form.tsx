import { useForm } from '../../api';
import { addStaffingRule, editStaffingRule, readStaffingRule, type StaffingRule } from '../../api/alerts';
import { byName } from '../../i18n';
import { currentFences } from '../../map/fences';
import { common, groups, useEdit } from '../../people';
import { WEEKDAYS, weekdayName } from '../../people/weekly-words';
import { Button, Checkbox, Dialog, FormProblem, NumberField, Select, TextField, toast } from '../../ui';
import { t } from './words';
import '../../people/people.css';

interface RuleDialogProps {
  /** What is changed, as it was read when the dialog was opened; null: a new one. */
  opened: { value: StaffingRule; etag: string } | null;
  onClose: () => void;
  onDone: () => void;
}

const start = (rule: StaffingRule | null) => ({
  name: rule?.name ?? '',
  group_id: rule?.group_id ?? '',
  fence_id: rule?.fence_id ?? '',
  at_least: (rule?.at_least ?? 3) as number | null,
  weekdays: rule?.weekdays ?? [1, 2, 3, 4, 5],
  starts_at: rule?.starts_at.slice(0, 5) ?? '08:00',
  ends_at: rule?.ends_at.slice(0, 5) ?? '18:00',
  warns_group_id: rule?.warns_group_id ?? '',
});

export function RuleDialog({ opened, onClose, onDone }: RuleDialogProps) {
  const words = t();
  const rule = opened?.value ?? null;
  const edit = useEdit<StaffingRule>(opened?.etag ?? '', () => readStaffingRule(rule?.id ?? ''));
  const form = useForm(start(rule), async (values) => {
    const body = { ...values, at_least: values.at_least ?? 1 };
    await (rule ? edit.save((match) => editStaffingRule(rule.id, body, match)) : addStaffingRule(body));
    toast(words.saved);
    onDone();
    onClose();
  });
  const known = (groups().value.value ?? []).filter((group) => !group.retired_at).toSorted(byName((group) => group.name));
  const fences = (currentFences().value.value?.lines ?? []).filter((fence) => !fence.retired_at).toSorted(byName((fence) => fence.name));
  const among = (rows: readonly { id: string; name: string }[]) => [
    { value: '', label: words.choose },
    ...rows.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const { weekdays, starts_at, ends_at } = form.values;
  const days = form.field('weekdays');
  return (
    <Dialog title={rule ? words.change : words.add} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField {...form.field('name')} label={words.name} maxLength={200} autocomplete="off" required />
        <Select {...form.field('group_id')} label={words.group} options={among(known)} />
        <NumberField {...form.field('at_least')} label={words.atLeast} unit={words.people} min={1} max={10_000} required />
        <Select {...form.field('fence_id')} label={words.fence} options={among(fences)} />
        <fieldset class="weekdays">
          <legend>{words.days}</legend>
          <div>
            {WEEKDAYS.map((day) => (
              <Checkbox
                key={day}
                label={weekdayName(day)}
                value={weekdays.includes(day)}
                onValue={(on) => days.onValue(WEEKDAYS.filter((one) => (one === day ? on : weekdays.includes(one))))}
              />
            ))}
          </div>
          {days.error && <p class="error">{days.error}</p>}
        </fieldset>
        <div class="side-by-side">
          <TextField {...form.field('starts_at')} label={words.from} type="time" required />
          <TextField
            {...form.field('ends_at')}
            label={words.until}
            type="time"
            hint={starts_at && ends_at && ends_at <= starts_at ? words.nextDay : undefined}
            required
          />
        </div>
        <Select {...form.field('warns_group_id')} label={words.warnsGroup} options={among(known)} />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
