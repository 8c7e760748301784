/** A group by rule: whoever meets it when somebody asks. What it says, what of it is not there any more, and how to change it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, useForm } from '../../api';
import type { Target } from '../../api/messaging-types';
import { hasModule, may } from '../../app/session';
import { formatList } from '../../i18n';
import { currentFences } from '../../map/fences';
import { type Chosen, chosenOf, nobody, targetOf } from '../../messaging/target';
import { TargetPicker } from '../../messaging/target-picker';
import { snapshot } from '../../offline/snapshot';
import { common, type Group, sites, useEdit } from '../../people';
import { Button, ButtonLink, Dialog, FormProblem, Notice, Section, TextField, toast } from '../../ui';
import { add, group as groupOf, read, reload, rule as setRule } from './store';
import { t } from './words';

/** What a geofence that is not in use is called. */
const nameOfFence = (id: string) =>
  snapshot(`fence names/${id}`, async () => ({
    value: (await answer(api.GET('/api/v1/fences/{fence_id}', { params: { path: { fence_id: id } } }))).name,
  }));

function GoneFence({ id }: { id: string }) {
  const asked = nameOfFence(id);
  useEffect(() => void asked.open(), [id]);
  return <li>{t().rule.goneFence(asked.value.value ?? '…')}</li>;
}

/** What the rule names that is not there any more. */
function Gone({ chosen }: { chosen: Chosen }) {
  const words = t().rule;
  const [fences, known] = [currentFences().value.value?.lines, sites().value.value];
  const lost = fences ? chosen.fences.filter((id) => !fences.some((fence) => fence.id === id && !fence.retired_at)) : [];
  const closed = known ? chosen.sites.filter((id) => !known.some((site) => site.id === id)).length : 0;
  const roles = chosen.roles.filter((role) => !(role in common().roles));
  if (lost.length + closed + roles.length === 0) return null;
  return (
    <Notice tone="warn" title={words.gone}>
      <ul>
        {lost.map((id) => (
          <GoneFence key={id} id={id} />
        ))}
        {closed > 0 && <li>{words.goneSite}</li>}
        {roles.map((role) => (
          <li key={role}>{words.goneRole(role)}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** `Responder, belongs to Kade, or inside Hall 3 now; of these only who is on site`. */
function inWords(chosen: Chosen): string {
  const words = t().rule;
  const any = [
    ...(chosen.on_site ? [words.onSite] : []),
    ...chosen.roles.map((role) => words.role(common().roles[role] ?? role)),
    ...chosen.sites.map((id) => words.site(sites().value.value?.find((site) => site.id === id)?.name ?? '…')),
    ...chosen.fences.map((id) => words.fence(currentFences().value.value?.lines.find((fence) => fence.id === id)?.name ?? '…')),
  ];
  return chosen.only_on_site ? words.onlyOnSite(formatList(any)) : formatList(any);
}

export function Rule({ group, etag, mayEdit }: { group: Pick<Group, 'id' | 'name' | 'rule'>; etag: string; mayEdit: boolean }) {
  const words = t().rule;
  const changing = useSignal(false);
  const chosen = chosenOf(group.rule as unknown as Target);
  useEffect(() => {
    void sites().open();
    if (hasModule('geofence')) void currentFences().open();
  }, []);
  return (
    <Section title={words.title} about={words.about}>
      {chosen ? <Gone chosen={chosen} /> : null}
      <p>{chosen ? inWords(chosen) : words.more}</p>
      <div class="actions start">
        {mayEdit && (
          <Button icon="edit" onClick={() => (changing.value = true)}>
            {words.change}
          </Button>
        )}
        {hasModule('messages') && may('contact.read', 'all') && (
          <ButtonLink icon="person" href={`/contacts?group=${group.id}`}>
            {words.who}
          </ButtonLink>
        )}
      </div>
      {changing.value && (
        <RuleDialog id={group.id} name={group.name} chosen={chosen ?? nobody} etag={etag} onClose={() => (changing.value = false)} />
      )}
    </Section>
  );
}

function RuleDialog({ id, name, chosen, etag, onClose }: { id: string; name: string; chosen: Chosen; etag: string; onClose: () => void }) {
  const edit = useEdit(etag, () => read(id));
  const save = async (said: string, rule: Target) => {
    await edit.save((match) => setRule(id, said, rule, match));
    toast(t().saved(said));
    await Promise.all([reload(id), groupOf(id).refresh()]);
    onClose();
  };
  return <RuleForm title={t().change(name)} name={name} chosen={chosen} onSave={save} onClose={onClose} isTheirs={edit.theirs !== null} />;
}

/** A new one. `onMade` with its id. */
export function NewRule({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) {
  const save = async (name: string, rule: Target) => {
    const made = await add(name, rule);
    void reload();
    onMade(made.id);
  };
  return <RuleForm title={t().rule.add} name="" chosen={nobody} onSave={save} onClose={onClose} isTheirs={false} />;
}

interface RuleFormProps {
  title: string;
  name: string;
  chosen: Chosen;
  onSave: (name: string, rule: Target) => Promise<void>;
  onClose: () => void;
  /** Somebody else changed it meanwhile. */
  isTheirs: boolean;
}

function RuleForm({ title, name, chosen, onSave, onClose, isTheirs }: RuleFormProps) {
  const words = t();
  const who = useSignal(chosen);
  const lacks = useSignal(false);
  const form = useForm({ name }, async (values) => {
    const rule = targetOf(who.peek());
    lacks.value = rule === null;
    if (rule) await onSave(values.name, rule);
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {isTheirs && <p>{common().clash}</p>}
        <TextField {...form.field('name')} label={words.name} maxLength={200} autocomplete="off" required />
        <TargetPicker
          of="rule"
          value={who.value}
          onValue={(next) => (who.value = next)}
          error={lacks.value ? words.rule.none : undefined}
        />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
