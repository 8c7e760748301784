import { useForm } from '../../api';
import { signIn, type Credentials } from '../../app/session';
import { language } from '../../i18n';
import { Button, Checkbox, FormProblem, PasswordField, TextField } from '../../ui';
import { Frame } from './frame';
import { t } from './words';

/** The first screen for nobody. */
export default function SignIn() {
  const form = useForm<Credentials & Record<string, unknown>>(
    { sign_in: '', password: '', shared_computer: false },
    ({ sign_in, password, shared_computer }) => signIn({ sign_in: sign_in.trim(), password, shared_computer }),
  );
  const words = t().signIn;
  return (
    <Frame title={words.title} about={words.about}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <TextField
          {...form.field('sign_in')}
          label={words.name}
          hint={words.nameHint}
          autocomplete="username"
          maxLength={254}
          required
          autofocus
        />
        <PasswordField {...form.field('password')} label={words.password} autocomplete="current-password" maxLength={128} />
        <Checkbox {...form.field('shared_computer')} label={words.shared} hint={words.sharedHint} />
        <Button look="primary" wide {...form.submit}>
          {words.action}
        </Button>
      </form>
      <p class="muted small">{words.forgotten}</p>
      <p class="small">
        <a href={`/privacy?locale=${language.value}`} target="_blank">
          {words.privacy}
        </a>
      </p>
    </Frame>
  );
}
