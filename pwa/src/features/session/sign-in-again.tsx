import { useForm } from '../../api';
import { leave, me, signIn, signOut } from '../../app/session';
import { Button, confirm, Dialog, FormProblem, PasswordField } from '../../ui';
import { t } from './words';

/** Over the screen, when the session ended in the middle of work. The screen and all that was typed stay beneath. */
export default function SignInAgain() {
  const words = t().again;
  const who = me.value;
  const form = useForm({ password: '' }, ({ password }) =>
    signIn({ sign_in: who?.sign_in_name ?? '', password, shared_computer: who?.shared_computer ?? false }),
  );
  const startOver = async () => {
    if (await confirm({ title: words.otherTitle, text: words.otherText, action: words.otherAction, danger: true }))
      await (who?.shared_computer ? signOut() : leave());
  };
  return (
    <Dialog title={words.title} firm opaque={who?.shared_computer ?? false} onClose={() => undefined}>
      <p>{words.about}</p>
      <p class="muted">{words.as(who?.name ?? who?.sign_in_name ?? '')}</p>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <input type="hidden" name="username" autocomplete="username" value={who?.sign_in_name} />
        <PasswordField {...form.field('password')} label={t().signIn.password} autocomplete="current-password" maxLength={128} autofocus />
        <div class="actions">
          <Button look="quiet" onClick={() => void startOver()}>
            {words.other}
          </Button>
          <Button look="primary" {...form.submit}>
            {words.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
