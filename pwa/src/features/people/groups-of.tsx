import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { may } from '../../app/session';
import { byName } from '../../i18n';
import { common, groups } from '../../people';
import { Button, FormProblem, Section, Select, Skeleton, toast, type Explained } from '../../ui';
import { groupsOf, join, quit } from './store';
import { t } from './words';
import '../../people/people.css';

/** The groups somebody is in; taking them out can be undone at once. */
export function GroupsOfPerson({ id, here }: { id: string; here: boolean }) {
  const asked = groupsOf(id);
  const chosen = useSignal('');
  const trouble = useSignal<Explained | null>(null);
  const mayEdit = here && may('group.edit', 'all');
  useEffect(() => {
    void asked.open();
    void groups().open();
  }, [id]);
  const words = t().groups;
  const change = async (what: typeof join, group_id: string, said: string, undo?: typeof join) => {
    trouble.value = null;
    try {
      await what(group_id, id);
      toast(said, undo && { label: common().undo, run: () => void change(undo, group_id, words.undone) });
      chosen.value = '';
    } catch (error) {
      trouble.value = explain(error);
    }
    await asked.refresh();
    void groups().refresh();
  };
  const found = asked.value.value;
  const others = (groups().value.value ?? []).filter((group) => !found?.some((one) => one.id === group.id));
  return (
    <Section title={words.title}>
      <FormProblem explained={trouble.value ?? (asked.failure.value === null || found ? null : explain(asked.failure.value))} />
      {!found && asked.failure.value === null && <Skeleton lines={2} />}
      {found?.length === 0 && <p class="muted">{words.none}</p>}
      {found && found.length > 0 && (
        <ul class="lines">
          {found.toSorted(byName((group) => group.name)).map((group) => (
            <li key={group.id} class="row spread">
              <a href={`/groups/${group.id}`}>{group.name}</a>
              {mayEdit && (
                <Button
                  look="quiet"
                  icon="close"
                  label={words.takeOut(group.name)}
                  onClick={() => void change(quit, group.id, words.takenOut(group.name), join)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayEdit && found && others.length > 0 && (
        <form
          class="people-filters"
          onSubmit={(event) => {
            event.preventDefault();
            const group = others.find((one) => one.id === chosen.value);
            if (group) void change(join, group.id, words.joined(group.name), quit);
          }}
        >
          <Select
            name="group_id"
            label={words.add}
            value={chosen.value}
            options={[{ value: '', label: words.choose }, ...others.map(({ id: value, name }) => ({ value, label: name }))]}
            onValue={(value) => (chosen.value = value)}
          />
          <Button type="submit" disabled={chosen.value === ''}>
            {words.join}
          </Button>
        </form>
      )}
      {mayEdit && groups().value.value?.length === 0 && (
        <p class="muted">
          {words.noGroups} <a href="/groups">{words.makeOne}</a>
        </p>
      )}
    </Section>
  );
}
