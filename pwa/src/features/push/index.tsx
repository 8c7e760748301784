import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { readMyPreference, writeMyPreference } from '../../api/messaging';
import { hasModule } from '../../app/session';
import { PreferenceForm } from '../../messaging';
import { snapshot } from '../../offline/snapshot';
import { ErrorState, Page, Section, Skeleton } from '../../ui';
import { Push } from './push';
import { t } from './words';

const preference = () => snapshot('preference/me', readMyPreference);

function Wishes() {
  const asked = preference();
  useEffect(() => void asked.open(), []);
  const found = asked.value.value;
  if (!found) {
    return asked.failure.value === null ? (
      <Skeleton lines={4} />
    ) : (
      <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
    );
  }
  return (
    <PreferenceForm
      key={asked.etag.value ?? ''}
      mine
      found={found}
      etag={asked.etag.value ?? ''}
      read={readMyPreference}
      write={writeMyPreference}
      onSaved={() => void asked.refresh()}
    />
  );
}

/** How whoever is signed in is reached: notifications on their browsers, channels, quiet hours. */
export default function Reach() {
  const words = t();
  return (
    <Page title={words.title} about={words.about} back={{ href: '/account', label: words.account }}>
      <Push />
      {hasModule('messages') && (
        <Section title={words.wishes} about={words.wishesAbout}>
          <Wishes />
        </Section>
      )}
    </Page>
  );
}
