/** Choose who a message or an alert is for: `<TargetPicker of="message" value={chosen} onValue={set} error={...} />`; then `targetOf(chosen)`. */
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { hasModule } from '../app/session';
import { byName } from '../i18n';
import { currentFences } from '../map/fences';
import { common, groups, nameOf, type Person, PersonPicker, remember, sites } from '../people';
import { Button, Checkbox } from '../ui';
import { type Chosen, type ListOf, toggled } from './target';
import { t } from './target-words';
import './target.css';

const ROLES = ['responder', 'manager', 'sender', 'reception', 'employee', 'owner', 'privacy_officer'] as const;

interface TargetPickerProps {
  /** A message may go to the whole address book; an alert goes to who is somewhere, or in a group; a group's rule names no groups and no people. */
  of: 'message' | 'alert' | 'rule';
  value: Chosen;
  onValue: (chosen: Chosen) => void;
  error?: string | undefined;
}

interface ListProps {
  label: string;
  hint?: string;
  list: ListOf;
  options: readonly { id: string; name: string; more?: string }[];
  value: Chosen;
  onValue: (chosen: Chosen) => void;
}

function Choices({ label, hint, list, options, value, onValue }: ListProps) {
  if (options.length === 0) return null;
  const chosen = options.filter((option) => value[list].includes(option.id)).length;
  return (
    <details class="target-list" open={chosen > 0 || options.length <= 8 || undefined}>
      <summary>
        <strong>{label}</strong>
        {chosen > 0 && <span class="status info">{chosen}</span>}
      </summary>
      <fieldset>
        <legend class="unseen">{label}</legend>
        {hint && <p class="hint">{hint}</p>}
        <div class="target-options">
          {options.map(({ id, name, more }) => (
            <Checkbox
              key={id}
              value={value[list].includes(id)}
              onValue={() => onValue(toggled(value, list, id))}
              label={
                <>
                  {name} {more && <span class="muted small target-more">{more}</span>}
                </>
              }
            />
          ))}
        </div>
      </fieldset>
    </details>
  );
}

function Named({ value, onValue }: Pick<TargetPickerProps, 'value' | 'onValue'>) {
  const turn = useSignal(0);
  const words = t();
  const add = (person: Person | null) => {
    if (!person) return;
    remember([person]);
    turn.value += 1;
    if (!value.people.includes(person.id)) onValue({ ...value, people: [...value.people, person.id] });
  };
  return (
    <details class="target-list" open={value.people.length > 0 || undefined}>
      <summary>
        <strong>{words.named}</strong>
        {value.people.length > 0 && <span class="status info">{value.people.length}</span>}
      </summary>
      <PersonPicker key={turn.value} label={words.add} value={null} onValue={add} />
      {value.people.length > 0 && (
        <ul class="target-people" aria-label={words.added}>
          {value.people.map((id) => (
            <li key={id}>
              <span>{nameOf(id)}</span>
              <Button look="quiet" icon="close" label={words.takeOut(nameOf(id))} onClick={() => onValue(toggled(value, 'people', id))} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

export function TargetPicker({ of, value, onValue, error }: TargetPickerProps) {
  const words = t();
  const id = useId();
  const hasFences = hasModule('geofence');
  useEffect(() => {
    void groups().open();
    void sites().open();
    if (hasFences) void currentFences().open();
  }, []);
  const known = (groups().value.value ?? []).toSorted(byName((group) => group.name));
  const groupOptions = known.map(({ id: group, name, people }) => ({
    id: group,
    name,
    ...(people !== null && { more: words.people(people) }),
  }));
  const fences = (currentFences().value.value?.lines ?? []).filter((fence) => !fence.retired_at).toSorted(byName((fence) => fence.name));
  const places = (sites().value.value ?? []).toSorted(byName((site) => site.name));
  const list = { value, onValue };
  return (
    <fieldset class="target" aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{of === 'rule' ? words.ruleTitle : words.title}</legend>
      <p class="hint">{of === 'rule' ? words.ruleAbout : words.about}</p>
      {of === 'message' && (
        <Checkbox label={words.everyone} value={value.everyone} onValue={(everyone) => onValue({ ...value, everyone })} />
      )}
      {hasFences && <Checkbox label={words.onSite} value={value.on_site} onValue={(on_site) => onValue({ ...value, on_site })} />}
      {of === 'alert' && hasModule('visitors') && (
        <Checkbox label={words.visitors} value={value.visitors} onValue={(visitors) => onValue({ ...value, visitors })} />
      )}
      {value.area && <Checkbox label={words.area} value onValue={() => onValue({ ...value, area: null })} />}
      {of !== 'rule' && <Choices {...list} label={words.groups} list="groups" options={groupOptions} />}
      <Choices {...list} label={words.places} hint={words.placesHint} list="fences" options={fences} />
      <Choices
        {...list}
        label={words.roles}
        list="roles"
        options={ROLES.map((role) => ({ id: role, name: common().roles[role] ?? role }))}
      />
      <Choices {...list} label={words.sites} list="sites" options={places} />
      {of !== 'rule' && <Named {...list} />}
      <details class="target-list" open={value.only_on_site || value.except_groups.length > 0 || undefined}>
        <summary>
          <strong>{words.narrow}</strong>
        </summary>
        {hasFences && (
          <Checkbox label={words.onlyOnSite} value={value.only_on_site} onValue={(only_on_site) => onValue({ ...value, only_on_site })} />
        )}
        {of !== 'rule' && <Choices {...list} label={words.except} list="except_groups" options={groupOptions} />}
      </details>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
