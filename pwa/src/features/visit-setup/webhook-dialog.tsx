/** Add or change a webhook; and its secret, which is shown once. */
import { useSignal } from '@preact/signals';
import { useForm } from '../../api';
import { addWebhook, editWebhook, HAPPENINGS, readWebhook, type Webhook } from '../../api/visits';
import { common, useEdit } from '../../people';
import { Button, Checkbox, Dialog, FormProblem, Notice, TextField, toast } from '../../ui';
import { t } from './words';

export interface Opened {
  value: Webhook;
  etag: string;
}
interface Made {
  name: string;
  secret: string;
}

const isSame = (a: Webhook, b: Webhook) => a.name === b.name && a.url === b.url && a.kinds.toSorted().join() === b.kinds.toSorted().join();

export function WebhookDialog({
  opened,
  onClose,
  onDone,
}: {
  opened: Opened | null;
  onClose: () => void;
  onDone: (made: Made | null) => Promise<void>;
}) {
  const words = t().webhook;
  const of = opened?.value ?? null;
  const noKind = useSignal(false);
  const edit = useEdit<Webhook>(opened?.etag ?? '', () => readWebhook(of?.id ?? ''));
  const first = { name: of?.name ?? '', url: of?.url ?? 'https://', kinds: of?.kinds ?? [...HAPPENINGS] };
  const change = async (was: Webhook, body: typeof first) => {
    const now = await readWebhook(was.id);
    // A post that goes out meanwhile makes another version of it as well; that is nobody's change.
    await edit.save((match) => editWebhook(was.id, body, isSame(now.value, was) ? now.etag : match));
    toast(t().saved(body.name));
    return null;
  };
  const form = useForm(first, async (values) => {
    const body = { ...values, name: values.name.trim(), url: values.url.trim() };
    noKind.value = body.kinds.length === 0;
    if (noKind.value) return;
    const made = of ? await change(of, body) : await addWebhook(body);
    await onDone(made);
    onClose();
  });
  const { kinds } = form.values;
  return (
    <Dialog title={of ? words.changeOf(of.name) : words.add} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField {...form.field('name')} label={t().name} hint={words.nameHint} maxLength={100} autocomplete="off" required />
        <TextField {...form.field('url')} label={words.url} hint={words.urlHint} type="url" maxLength={500} autocomplete="off" required />
        <fieldset class="visit-channels">
          <legend>{words.which}</legend>
          {HAPPENINGS.map((kind) => (
            <Checkbox
              key={kind}
              name={kind}
              label={words.happenings[kind]}
              value={kinds.includes(kind)}
              onValue={(on) => form.set({ kinds: HAPPENINGS.filter((one) => (one === kind ? on : kinds.includes(one))) })}
            />
          ))}
        </fieldset>
        {noKind.value && kinds.length === 0 && (
          <p class="error" role="alert">
            {words.oneKind}
          </p>
        )}
        <p class="muted small">{words.told}</p>
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {of ? t().save : words.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Closed by its button alone, so that no stray key takes the secret away. */
export function Secret({ name, secret, onClose }: Made & { onClose: () => void }) {
  const words = t().webhook;
  const copied = useSignal(false);
  const copy = () => void navigator.clipboard.writeText(secret).then(() => (copied.value = true));
  return (
    <Dialog
      title={words.secretOf(name)}
      onClose={onClose}
      firm
      actions={
        <Button look="primary" onClick={onClose}>
          {words.keptIt}
        </Button>
      }
    >
      <Notice tone="warn">{words.once}</Notice>
      <output class="webhook-code webhook-secret" aria-label={words.secret}>
        {secret}
      </output>
      {navigator.clipboard && (
        <div class="row">
          <Button onClick={copy}>{words.copy}</Button>
          <span class="small" role="status">
            {copied.value && words.copied}
          </span>
        </div>
      )}
      <p class="small">{words.check}</p>
      <pre class="webhook-code">
        <code>{'Muster-Signature: t=…,v1=…\nv1 = HMAC-SHA256(secret, "t.Muster-Id.body")'}</code>
      </pre>
    </Dialog>
  );
}
