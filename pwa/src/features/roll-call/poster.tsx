/** One page to print and hang at the assembly point: whoever scans it says that they are safe. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import type { ScreenProps } from '../../app/router';
import { may, me } from '../../app/session';
import { LANGUAGES, language, type Language } from '../../i18n';
import { Picture } from '../../people';
import { type AssemblyCode, readAssemblyCode, renewAssemblyCode } from '../../rollcall/api';
import { atHand } from '../../rollcall/store';
import { Button, Choice, confirm, ErrorState, Page, Skeleton, toast } from '../../ui';
import { POSTER } from './poster-words';
import './roll-call.css';
import { siteNames } from './sites';
import { t } from './words';

export default function AssemblyPoster({ params }: ScreenProps) {
  const site_id = params['site_id'] ?? '';
  const words = t().poster;
  const code = useSignal<AssemblyCode | null>(null);
  const failure = useSignal<unknown>(null);
  const spoken = useSignal<Language>(language.value);
  const take = async (read: () => Promise<AssemblyCode>) => {
    failure.value = null;
    try {
      code.value = await read();
    } catch (error) {
      failure.value = error;
    }
  };
  const load = () => take(() => readAssemblyCode(site_id));
  useEffect(() => {
    void atHand.open();
    void load();
  }, [site_id]);
  const renew = async () => {
    if (!(await confirm({ title: words.renewTitle, text: words.renewText, action: words.renew, danger: true }))) return;
    await take(() => renewAssemblyCode(site_id));
    if (failure.value === null) toast(words.renewed);
  };
  const site = siteNames(atHand.value.value?.sites).get(site_id) ?? '';
  const organization = me.value?.organizations.find((known) => known.id === me.value?.organization_id)?.name;
  const said = POSTER[spoken.value];
  return (
    <Page
      title={words.title(site)}
      about={words.about}
      back={{ href: '/roll-call', label: words.back }}
      actions={
        code.value && (
          <>
            {may('visit.set_up', 'all') && <Button onClick={() => void renew()}>{words.renew}</Button>}
            <Button look="primary" icon="download" onClick={() => print()}>
              {words.print}
            </Button>
          </>
        )
      }
    >
      {!code.value ? (
        failure.value ? (
          <ErrorState explained={explain(failure.value)} onRetry={() => void load()} />
        ) : (
          <Skeleton />
        )
      ) : (
        <>
          <div class="not-on-paper">
            <Choice
              label={words.language}
              value={spoken.value}
              options={LANGUAGES.map((value) => ({ value, label: words.languages[value] }))}
              onValue={(value) => (spoken.value = value)}
            />
          </div>
          <article class="assembly" lang={spoken.value}>
            <p class="assembly-site">{[organization, site].filter(Boolean).join(' · ')}</p>
            <h2>{said.heading}</h2>
            <Picture svg={code.value.svg} alt={words.alt} />
            <ol>
              {said.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <p>
              <strong>{said.instead}</strong>
            </p>
          </article>
        </>
      )}
    </Page>
  );
}
