import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { readPreference, writePreference } from '../../api/messaging';
import type { ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { PreferenceForm } from '../../messaging';
import { snapshot } from '../../offline/snapshot';
import { called, person as personOf } from '../../people';
import { ButtonLink, ErrorState, Facts, Page, Section, Skeleton } from '../../ui';
import { t } from './words';

const preferenceOf = (id: string) => snapshot(`preference/${id}`, () => readPreference(id));

/** One contact: where they can be reached, and how they want to be. */
export default function ContactDetail({ params }: ScreenProps) {
  const id = params['person_id'] ?? '';
  const [someone, wishes] = [personOf(id), preferenceOf(id)];
  useEffect(() => {
    void someone.open();
    void wishes.open();
  }, [id]);
  const words = t();
  const back = { href: '/contacts', label: words.title };
  const person = someone.value.value;
  const found = wishes.value.value;
  const failure = someone.failure.value ?? wishes.failure.value;
  if (!person || !found) {
    return (
      <Page title={words.title} back={back}>
        {failure === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState
            explained={explain(failure)}
            onRetry={() => {
              void someone.refresh();
              void wishes.refresh();
            }}
          />
        )}
      </Page>
    );
  }
  const languages: Record<string, string> = words.languages;
  return (
    <Page
      title={called(person)}
      back={back}
      busy={someone.loading.value || wishes.loading.value}
      actions={
        <>
          {may('person.edit', 'all') && (
            <ButtonLink icon="edit" href={`/people/${id}/edit`}>
              {words.edit}
            </ButtonLink>
          )}
          {may('message.send', 'all') && (
            <ButtonLink look="primary" icon="mail" href={`/messages/new?person=${id}`}>
              {words.write}
            </ButtonLink>
          )}
        </>
      }
    >
      <Section title={words.addresses}>
        <Facts
          of={[
            [words.telephone, person.telephone && <a href={`tel:${person.telephone}`}>{person.telephone}</a>],
            [words.email, person.email && <a href={`mailto:${person.email}`}>{person.email}</a>],
            [words.language, languages[person.locale ?? ''] ?? words.asOrganization],
          ]}
        />
        {!person.telephone && !person.email && <p class="muted">{words.noAddress}</p>}
      </Section>
      <Section title={words.preference} about={words.preferenceAbout}>
        <PreferenceForm
          key={wishes.etag.value ?? ''}
          mine={false}
          found={found}
          etag={wishes.etag.value ?? ''}
          read={() => readPreference(id)}
          write={(body, etag) => writePreference(id, body, etag)}
          onSaved={() => void wishes.refresh()}
        />
      </Section>
    </Page>
  );
}
