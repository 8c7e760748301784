/** What visitors agree to: house rules, secrecy, safety. Other texts are a new version, which everybody is asked anew. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { addAgreement, type Agreement, editAgreement, readAgreement, retireAgreement } from '../../api/visits';
import { common, useEdit } from '../../people';
import { Button, confirm, Dialog, FormProblem, NumberField, Section, Skeleton, TextField, toast } from '../../ui';
import { agreements } from './rules-api';
import { t } from './words';

type Opened = { value: Agreement; etag: string } | null;

function AgreementDialog({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const words = t().agreement;
  const of = opened?.value ?? null;
  const edit = useEdit<Agreement>(opened?.etag ?? '', () => readAgreement(of?.id ?? ''));
  const first = {
    name: of?.name ?? '',
    keep_days: (of?.keep_days ?? 365) as number | null,
    nl: of?.texts['nl'] ?? '',
    en: of?.texts['en'] ?? '',
  };
  const form = useForm(first, async ({ name, keep_days, nl, en }) => {
    const body = { name, keep_days: keep_days ?? 365, texts: { ...(nl.trim() && { nl }), ...(en.trim() && { en }) } };
    await (of ? edit.save((match) => editAgreement(of.id, body, match)) : addAgreement(body));
    toast(t().saved(name));
    await agreements().refresh();
    onClose();
  });
  const { nl, en } = form.values;
  return (
    <Dialog title={of ? of.name : words.add} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField {...form.field('name')} label={t().name} maxLength={100} autocomplete="off" required />
        <TextField {...form.field('nl')} label={words.nl} hint={words.textHint} rows={6} maxLength={20_000} required={!en.trim()} />
        <TextField {...form.field('en')} label={words.en} rows={6} maxLength={20_000} required={!nl.trim()} />
        <NumberField {...form.field('keep_days')} label={words.keep} unit={t().days} min={1} max={3_660} required />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {t().save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function Agreements() {
  const words = t().agreement;
  const asked = agreements();
  const dialog = useSignal<{ opened: Opened } | null>(null);
  const trouble = useSignal<unknown>(null);
  useEffect(() => void asked.open(), []);
  const rows = asked.value.value?.filter((one) => !one.retired_at);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    }
  };
  const retire = async (of: Agreement) => {
    const question = { title: words.retireTitle(of.name), text: words.retireText, action: t().retire, danger: true };
    if (await confirm(question)) await attempt(() => retireAgreement(of.id).then(() => asked.refresh()));
  };
  const failure = trouble.value ?? (rows ? null : asked.failure.value);
  return (
    <Section
      title={words.title}
      about={words.about}
      actions={
        <Button icon="add" onClick={() => (dialog.value = { opened: null })}>
          {words.add}
        </Button>
      }
    >
      <FormProblem explained={failure === null ? null : explain(failure)} />
      {!rows && failure === null && <Skeleton lines={2} />}
      {rows?.length === 0 && <p class="muted">{words.empty}</p>}
      <ul class="lines">
        {rows?.map((one) => (
          <li key={one.id} class="row spread">
            <span class="stack tight">
              <strong>{one.name}</strong>
              <span class="muted small">{words.version(one.number, one.keep_days)}</span>
            </span>
            <span class="actions">
              <Button
                look="quiet"
                icon="edit"
                label={t().type.change(one.name)}
                onClick={() => void attempt(async () => (dialog.value = { opened: await readAgreement(one.id) }))}
              />
              <Button look="quiet" onClick={() => void retire(one)}>
                {t().retire} <span class="unseen">{one.name}</span>
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {dialog.value && <AgreementDialog opened={dialog.value.opened} onClose={() => (dialog.value = null)} />}
    </Section>
  );
}
