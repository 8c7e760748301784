import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, isFailure } from '../../api';
import { StorageFull } from '../../offline/outbox';
import { Button, ButtonLink, FormProblem, Notice, Page, Section } from '../../ui';
import { clock, type Done, type Kind, siteOf, suggested } from './store';
import './sitecode.css';
import { t } from './words';

/** What the camera of a phone opens from the poster of a site: in or out, there. Works without a network too. */
export default function ClockAtSite() {
  const code = useSignal(location.hash.slice(1));
  const site_id = siteOf(code.value);
  const site = useSignal<string | null>(null);
  const first = useSignal<Kind | null>(null);
  const done = useSignal<Done | null>(null);
  const failure = useSignal<unknown>(null);
  const busy = useSignal<Kind | null>(null);
  useEffect(() => {
    const another = () => {
      code.value = location.hash.slice(1);
      done.value = failure.value = site.value = null;
    };
    addEventListener('hashchange', another);
    return () => removeEventListener('hashchange', another);
  }, []);
  useEffect(() => {
    if (!site_id) return;
    void answer(api.GET('/api/v1/sites/{site_id}', { params: { path: { site_id } } }))
      .then((found) => (site.value = found.name))
      .catch((error: unknown) => {
        if (isFailure(error) && error.status === 404) failure.value = error;
      });
    void suggested()
      .then((kind) => (first.value = kind))
      .catch(() => undefined); // without a network both are offered alike
  }, [site_id]);
  const words = t();
  const isStrange = isFailure(failure.value) && (failure.value.type === 'invalid' || failure.value.type === 'not-found');
  if (!site_id || isStrange) {
    const why = site_id ? words.strange : words.noCode;
    return (
      <Page title={why.title} about={why.text}>
        <div class="actions start">
          <ButtonLink href="/">{words.home}</ButtonLink>
        </div>
      </Page>
    );
  }
  const tap = async (kind: Kind) => {
    if (busy.value) return;
    busy.value = kind;
    failure.value = null;
    try {
      done.value = await clock(kind, code.value);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = null;
    }
  };
  const order: readonly Kind[] = first.value === 'out' ? ['out', 'in'] : ['in', 'out'];
  return (
    <Page title={site.value ? words.at(site.value) : words.title} about={words.about}>
      <Wrong failure={failure.value} />
      {done.value ? (
        <Result done={done.value} />
      ) : (
        <div class="at-site">
          {order.map((kind) => (
            <Button
              key={kind}
              wide
              look={kind === first.value ? 'primary' : 'plain'}
              busy={busy.value === kind}
              onClick={() => void tap(kind)}
            >
              {words[kind]}
            </Button>
          ))}
        </div>
      )}
    </Page>
  );
}

function Wrong({ failure }: { failure: unknown }) {
  if (failure === null) return null;
  if (!(failure instanceof StorageFull)) return <FormProblem explained={explain(failure)} />;
  return (
    <Notice tone="bad" title={t().full.title}>
      {t().full.text}
    </Notice>
  );
}

function Result({ done }: { done: Done }) {
  const words = t();
  const { kind, at_ms, arrived, already_ms } = done;
  return (
    <Section>
      <div role="status" class="stack">
        <Notice tone={arrived ? 'good' : 'warn'} title={kind === 'in' ? words.doneIn(at_ms) : words.doneOut(at_ms)}>
          {!arrived && words.kept}
        </Notice>
        {already_ms !== null && <Notice tone="warn">{kind === 'in' ? words.alreadyIn(already_ms) : words.alreadyOut(already_ms)}</Notice>}
      </div>
      <div class="actions start">
        <ButtonLink href="/">{words.home}</ButtonLink>
      </div>
    </Section>
  );
}
