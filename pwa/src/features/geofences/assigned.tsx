import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { byName, formatList } from '../../i18n';
import { Button, Checkbox, Choice, Dialog, FormProblem, toast, type Explained } from '../../ui';
import { assign, groups, type Fence } from './store';
import { t } from './words';

interface Assigned {
  everyone: boolean;
  group_ids: readonly string[];
}

/** `Everyone`, `Groups: Night shift and Security`, `Nobody yet`. */
export function assignedWords({ everyone, group_ids }: Assigned): string {
  if (everyone) return t().everyone;
  if (group_ids.length === 0) return t().nobody;
  const known = groups().value.value;
  const names = group_ids.map((id) => known?.find((group) => group.id === id)?.name);
  return names.every((name) => name !== undefined) ? t().groupNames(formatList(names as string[])) : t().groups(group_ids.length);
}

/** Everyone, or some groups. */
export function AssignedFields({ value, onValue }: { value: Assigned; onValue: (value: Assigned) => void }) {
  useEffect(() => void groups().open(), []);
  const words = t().assigned;
  const known = (groups().value.value ?? []).filter((group) => group.retired_at === null || value.group_ids.includes(group.id));
  const toggle = (id: string, on: boolean) =>
    onValue({ everyone: false, group_ids: on ? [...value.group_ids, id] : value.group_ids.filter((other) => other !== id) });
  return (
    <div class="stack tight">
      <Choice
        quiet
        label={words.dialog}
        value={value.everyone ? 'everyone' : 'groups'}
        options={[
          { value: 'everyone', label: words.everyone },
          { value: 'groups', label: words.groups },
        ]}
        onValue={(choice) => onValue({ ...value, everyone: choice === 'everyone', ...(choice === 'everyone' && { group_ids: [] }) })}
      />
      <p class="hint">{value.everyone ? words.everyoneHint : words.groupsHint}</p>
      {!value.everyone && known.length === 0 && <p class="hint">{words.noGroups}</p>}
      {!value.everyone &&
        known
          .toSorted(byName((group) => group.name))
          .map((group) => (
            <Checkbox key={group.id} label={group.name} value={value.group_ids.includes(group.id)} onValue={(on) => toggle(group.id, on)} />
          ))}
      {!value.everyone && value.group_ids.length === 0 && <p class="hint">{words.none}</p>}
    </div>
  );
}

/** Change for whom a geofence counts, from now on. */
export function AssignDialog({ fence, etag, onClose, onDone }: { fence: Fence; etag: string; onClose: () => void; onDone: () => void }) {
  const value = useSignal<Assigned>(fence.assigned);
  const busy = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  const words = t().assigned;
  const save = async () => {
    busy.value = true;
    try {
      await assign(fence.id, etag, { everyone: value.value.everyone, group_ids: [...value.value.group_ids] });
      toast(words.saved);
      onDone();
      onClose();
    } catch (error) {
      trouble.value = explain(error);
      busy.value = false;
    }
  };
  return (
    <Dialog
      title={words.dialog}
      onClose={onClose}
      actions={
        <Button look="primary" busy={busy.value} onClick={() => void save()}>
          {words.save}
        </Button>
      }
    >
      <FormProblem explained={trouble.value} />
      <AssignedFields value={value.value} onValue={(next) => (value.value = next)} />
    </Dialog>
  );
}
