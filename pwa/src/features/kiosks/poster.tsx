import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, type components } from '../../api';
import type { ScreenProps } from '../../app/router';
import { me } from '../../app/session';
import { LANGUAGES, language, type Language } from '../../i18n';
import { Button, Choice, ErrorState, Page, Skeleton } from '../../ui';
import './kiosks.css';
import { Picture } from './picture';
import { POSTER } from './poster-words';
import { t } from './words';

interface Poster {
  site: string;
  code: components['schemas']['SiteCodeOut'];
}

/** One page to print: whoever scans it clocks in or out at this site. */
export default function SitePoster({ params }: ScreenProps) {
  const poster = useSignal<Poster | null>(null);
  const failure = useSignal<unknown>(null);
  const spoken = useSignal<Language>(language.value);
  const path = { path: { site_id: params['site_id'] ?? '' } };
  const load = async () => {
    failure.value = null;
    try {
      const [site, code] = await Promise.all([
        answer(api.GET('/api/v1/sites/{site_id}', { params: path })),
        answer(api.GET('/api/v1/sites/{site_id}/punch-code', { params: path })),
      ]);
      poster.value = { site: site.name, code };
    } catch (error) {
      failure.value = error;
    }
  };
  useEffect(() => void load(), [params['site_id']]);
  const words = t().poster;
  const organization = me.value?.organizations.find((known) => known.id === me.value?.organization_id)?.name;
  const said = POSTER[spoken.value];
  if (!poster.value)
    return failure.value === null ? <Skeleton /> : <ErrorState explained={explain(failure.value)} onRetry={() => void load()} />;
  return (
    <Page
      title={words.title(poster.value.site)}
      about={words.about}
      back={{ href: '/kiosks', label: words.back }}
      actions={
        <Button look="primary" icon="download" onClick={() => print()}>
          {words.print}
        </Button>
      }
    >
      <div class="not-on-paper">
        <Choice
          label={words.language}
          value={spoken.value}
          options={LANGUAGES.map((value) => ({ value, label: words.languages[value] }))}
          onValue={(value) => (spoken.value = value)}
        />
      </div>
      <article class="poster" lang={spoken.value}>
        <p class="poster-site">{organization ? `${organization} · ${poster.value.site}` : poster.value.site}</p>
        <h2>{said.heading}</h2>
        <Picture svg={poster.value.code.svg} alt={words.alt} />
        <ol>
          {said.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p>
          <strong>{said.noLocation}</strong>
          <br />
          {said.instead}
        </p>
      </article>
    </Page>
  );
}
