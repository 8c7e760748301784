import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { me, may } from '../../app/session';
import { formatDateTime, formatList } from '../../i18n';
import { called, common, orNull, type Member, type Person } from '../../people';
import {
  Button,
  Checkbox,
  confirm,
  Dialog,
  Facts,
  FormProblem,
  Section,
  Skeleton,
  Status,
  TextField,
  toast,
  type Explained,
} from '../../ui';
import { endMember, endSessions, invite, memberOf, type OneTime, resetPassword, type Role, setRoles } from './store';
import { t } from './words';
import '../../people/people.css';

const ROLES: readonly Role[] = ['employee', 'manager', 'sender', 'responder', 'reception', 'privacy_officer', 'owner'];

/** A password that was just made, of this person; it is nowhere else, and gone once the screen is left. */
const made = signal<{ person_id: string; once: OneTime } | null>(null);

function RoleFields({ value, onValue, error }: { value: Role[]; onValue: (roles: Role[]) => void; error?: string | undefined }) {
  const words = t().member;
  return (
    <fieldset>
      <legend>
        <strong>{words.roles}</strong>
      </legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          label={common().roles[role]}
          hint={words.may[role]}
          value={value.includes(role)}
          onValue={(on) => onValue(ROLES.filter((one) => (one === role ? on : value.includes(one))))}
        />
      ))}
      {error && <p class="error">{error}</p>}
    </fieldset>
  );
}

function InviteDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const words = t().member;
  const form = useForm({ roles: ['employee'] as Role[], sign_in: '' }, async ({ roles, sign_in }) => {
    made.value = { person_id: person.id, once: await invite({ person_id: person.id, roles, sign_in: orNull(sign_in) }) };
    void memberOf(person.id).refresh();
    onClose();
  });
  return (
    <Dialog title={words.inviteTitle(called(person))} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <RoleFields {...form.field('roles')} />
        <TextField {...form.field('sign_in')} label={words.signIn} hint={words.signInHint} maxLength={60} autocomplete="off" />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.inviteDo}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RolesDialog({ member, person, onClose }: { member: Member; person: Person; onClose: () => void }) {
  const words = t().member;
  const form = useForm({ roles: member.roles as Role[] }, async ({ roles }) => {
    await setRoles(member.id, roles);
    toast(words.rolesSaved);
    void memberOf(person.id).refresh();
    onClose();
  });
  return (
    <Dialog title={words.rolesTitle(called(person))} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <RoleFields {...form.field('roles')} />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Once({ once }: { once: OneTime }) {
  const words = t().member;
  const copy = () => void navigator.clipboard?.writeText(once.one_time_password).then(() => toast(words.copied));
  return (
    <div class="once" role="status">
      <strong>{words.onceTitle}</strong>
      <Facts
        of={[
          [words.signInName, <code>{once.sign_in_name}</code>],
          [words.password, <code>{once.one_time_password}</code>],
          [words.until, formatDateTime(once.expires_at)],
        ]}
      />
      <p>{words.onceAbout}</p>
      <div class="actions start">
        <Button onClick={copy}>{words.copy}</Button>
        <Button onClick={() => (made.value = null)}>{words.gaveIt}</Button>
      </div>
    </div>
  );
}

function Standing({ member, person, trouble }: { member: Member; person: Person; trouble: { value: Explained | null } }) {
  const words = t().member;
  const name = called(person);
  const act = async (asked: { title: string; text: string; action: string }, run: () => Promise<unknown>, done: string | null) => {
    if (!(await confirm({ ...asked, danger: true }))) return;
    trouble.value = null;
    try {
      await run();
      if (done) toast(done);
    } catch (error) {
      trouble.value = explain(error);
    }
    await memberOf(person.id).refresh();
  };
  const reset = async () => (made.value = { person_id: person.id, once: await resetPassword(member.id) });
  const isMe = me.value?.person_id === person.id;
  return (
    <>
      <Facts
        of={[
          [words.signInName, member.sign_in_name ?? words.elsewhere],
          [words.roles, formatList(member.roles.map((role) => common().roles[role] ?? role))],
          [
            words.state,
            member.must_change_password ? <Status tone="warn">{words.notYet}</Status> : <Status tone="good">{words.own}</Status>,
          ],
        ]}
      />
      {made.value?.person_id === person.id && <Once once={made.value.once} />}
      {may('member.edit', 'all') && !isMe && (
        <div class="actions start">
          <Button onClick={() => void act({ title: words.resetTitle(name), text: words.resetText, action: words.reset }, reset, null)}>
            {words.reset}
          </Button>
          <Button
            onClick={() =>
              void act(
                { title: words.endSessionsTitle(name), text: words.endSessionsText, action: words.endSessions },
                () => endSessions(member.id),
                words.sessionsEnded,
              )
            }
          >
            {words.endSessions}
          </Button>
          <Button
            onClick={() =>
              void act(
                { title: words.endTitle(name), text: words.endText, action: words.end },
                () => endMember(member.id),
                words.ended(name),
              )
            }
          >
            {words.end}
          </Button>
        </div>
      )}
      {isMe && <p class="muted">{words.yourself}</p>}
    </>
  );
}

/** Whether somebody can sign in, and as what. Only owners change it. */
export function Membership({ person }: { person: Person }) {
  const asked = memberOf(person.id);
  const open = useSignal<'invite' | 'roles' | null>(null);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => {
    void asked.open();
    return () => (made.value = null);
  }, [person.id]);
  const words = t().member;
  const found = asked.value.value;
  const mayEdit = may('member.edit', 'all') && person.left_at === null;
  const action = found?.member ? (
    <Button onClick={() => (open.value = 'roles')}>{words.changeRoles}</Button>
  ) : (
    <Button onClick={() => (open.value = 'invite')}>{words.invite}</Button>
  );
  return (
    <Section title={words.title} actions={found && mayEdit && action}>
      <FormProblem explained={trouble.value ?? (asked.failure.value === null || found ? null : explain(asked.failure.value))} />
      {!found && asked.failure.value === null && <Skeleton lines={2} />}
      {found?.member && <Standing member={found.member} person={person} trouble={trouble} />}
      {found && !found.member && (
        <p class="muted">{person.left_at ? words.none : mayEdit ? words.noneYet : `${words.none} ${words.onlyOwner}`}</p>
      )}
      {open.value === 'invite' && <InviteDialog person={person} onClose={() => (open.value = null)} />}
      {open.value === 'roles' && found?.member && <RolesDialog member={found.member} person={person} onClose={() => (open.value = null)} />}
    </Section>
  );
}
