import { enterOrganization, hasModule, me, signOut } from '../../app/session';
import { formatList } from '../../i18n';
import { Button, ButtonLink, confirm, Facts, Page, Section } from '../../ui';
import { unsent } from '../../offline/wipe';
import { DeviceChoices } from './device-choices';
import { PasswordForm } from './password-form';
import { Sessions } from './sessions';
import { t } from './words';

async function askToSignOut() {
  const words = t().account;
  const text = words.signOutText(await unsent());
  if (await confirm({ title: words.signOutTitle, text, action: words.signOut, danger: true })) await signOut();
}

function Organizations() {
  const others = me.value?.organizations.filter((known) => known.id !== me.value?.organization_id) ?? [];
  if (others.length === 0) return null;
  return (
    <Section title={t().organizations.title} about={t().organizations.about}>
      <div class="actions start">
        {others.map((other) => (
          <Button key={other.slug} icon="building" onClick={() => void enterOrganization(other.slug)}>
            {t().organizations.enter(other.name)}
          </Button>
        ))}
      </div>
    </Section>
  );
}

/** Who is signed in, as what, where; the password, the sessions, and the choices of this device. */
export default function Account() {
  const words = t().account;
  const who = me.value;
  if (!who) return null;
  const here = who.organizations.find((known) => known.id === who.organization_id);
  return (
    <Page
      title={words.title}
      actions={
        <Button icon="signOut" onClick={() => void askToSignOut()}>
          {words.signOut}
        </Button>
      }
    >
      <Section
        title={words.you}
        actions={
          (hasModule('messages') || hasModule('alerts')) && (
            <ButtonLink icon="bell" href="/account/reach">
              {words.reach}
            </ButtonLink>
          )
        }
      >
        <Facts
          of={[
            [words.name, who.name],
            [words.signInName, who.sign_in_name],
            [words.organization, here?.name],
            [words.roles, formatList(who.roles.map((role) => words.roleNames[role] ?? role))],
          ]}
        />
      </Section>
      <Organizations />
      <Section title={words.screen} about={words.screenAbout}>
        <DeviceChoices />
      </Section>
      <Section title={t().password.title} about={t().password.about}>
        <PasswordForm />
      </Section>
      <Sessions />
    </Page>
  );
}
