/** What a visitor did not agree to yet: signed at the desk, or let in without it. Then it stands with the visit until it is signed. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { readUnsigned, sign, type UnsignedText, type Visit } from '../../api/visits';
import { language } from '../../i18n';
import { Button, Checkbox, Choice, Dialog, ErrorState, FormProblem, Prose, Skeleton, toast } from '../../ui';
import { t } from './words';

/** What was kept on this device before there was such a thing knows nothing of it. */
export const lacks = (of: Visit) => of.unsigned ?? [];

export function Unsigned({ of }: { of: Visit }) {
  const words = t().sign;
  return (
    <ul class="lines">
      {lacks(of).map((one) => (
        <li key={one.agreement_id}>{words.version(one.name, one.number)}</li>
      ))}
    </ul>
  );
}

/** Before somebody comes in who did not sign. */
export function LetIn({ of, onLetIn, onClose }: { of: Visit; onLetIn: () => void; onClose: () => void }) {
  const words = t().sign;
  const signs = useSignal(false);
  if (signs.value) return <Sign of={of} onSigned={onLetIn} onClose={onClose} />;
  return (
    <Dialog
      title={words.ask(of.name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onLetIn}>{words.nevertheless}</Button>
          <Button look="primary" onClick={() => (signs.value = true)}>
            {words.here}
          </Button>
        </>
      }
    >
      <Unsigned of={of} />
      <p class="muted">{words.choice}</p>
    </Dialog>
  );
}

function Texts({ of, texts, onSigned }: { of: Visit; texts: readonly UnsignedText[]; onSigned: () => void }) {
  const words = t().sign;
  const locales = ['nl', 'en'].filter((one) => texts.some(({ texts: said }) => said[one]));
  const locale = useSignal<string>(language.value);
  const localeOf = (one: UnsignedText) => (one.texts[locale.value] ? locale.value : (Object.keys(one.texts)[0] ?? ''));
  const form = useForm(Object.fromEntries(texts.map((one) => [one.version_id, false])), async () => {
    const agreed = texts.map((one) => ({
      version_id: one.version_id,
      locale: localeOf(one) as 'nl' | 'en',
      sha256: one.sha256[localeOf(one)] ?? '',
    }));
    await sign(of.id, agreed);
    toast(words.signed(of.name));
    onSigned();
  });
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {locales.length > 1 && (
        <Choice
          label={t().invitation.language}
          value={locale.value}
          options={locales.map((value) => ({ value, label: t().invitation.languages[value as 'nl' | 'en'] }))}
          onValue={(value) => {
            locale.value = value;
            form.set(Object.fromEntries(texts.map((one) => [one.version_id, false])));
          }}
        />
      )}
      {texts.map((one) => (
        <div key={one.version_id} class="stack tight">
          <h3>{words.version(one.name, one.number)}</h3>
          <div class="visit-agreement" lang={localeOf(one)} tabIndex={0} role="region" aria-label={one.name}>
            <Prose text={one.texts[localeOf(one)] ?? ''} from={3} />
          </div>
          <Checkbox {...form.field(one.version_id)} label={words.agrees(of.name)} required />
        </div>
      ))}
      <div class="actions">
        <Button look="primary" {...form.submit}>
          {words.do}
        </Button>
      </div>
    </form>
  );
}

/** The newest texts, read and agreed to at the desk. */
export function Sign({ of, onSigned, onClose }: { of: Visit; onSigned: () => void; onClose: () => void }) {
  const words = t().sign;
  const texts = useSignal<UnsignedText[] | null>(null);
  const failure = useSignal<unknown>(null);
  const load = async () => {
    try {
      texts.value = await readUnsigned(of.id);
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  };
  useEffect(() => void load(), [of.id]);
  return (
    <Dialog title={words.title(of.name)} onClose={onClose}>
      {texts.value ? (
        texts.value.length > 0 ? (
          <Texts of={of} texts={texts.value} onSigned={onSigned} />
        ) : (
          <p>{words.nothing}</p>
        )
      ) : failure.value === null ? (
        <Skeleton />
      ) : (
        <ErrorState explained={explain(failure.value)} onRetry={() => void load()} />
      )}
    </Dialog>
  );
}
