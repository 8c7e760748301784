import { isFailure, Failure, useForm } from '../../api';
import { changePassword, me } from '../../app/session';
import { Button, FormProblem, PasswordField, toast } from '../../ui';
import { t } from './words';

/** The present password and a new one. `first`: the present one was made by somebody else and must go. */
export function PasswordForm({ first = false }: { first?: boolean }) {
  const words = first ? t().choose : t().password;
  const form = useForm({ current_password: '', new_password: '' }, async ({ current_password, new_password }) => {
    await changePassword(current_password, new_password).catch((error: unknown) => {
      throw isFailure(error) && error.status === 401 ? wrongCurrent(error, words.wrongCurrent) : error;
    });
    form.set({ current_password: '', new_password: '' });
    toast(t().password.done);
  });
  return (
    <form class="stack narrow" {...form.props}>
      <FormProblem {...form.problem} />
      <input type="hidden" name="username" autocomplete="username" value={me.value?.sign_in_name} />
      <PasswordField
        {...form.field('current_password')}
        label={words.current}
        autocomplete="current-password"
        maxLength={128}
        autofocus={first}
      />
      <PasswordField
        {...form.field('new_password')}
        label={t().choose.fresh}
        hint={t().choose.freshHint}
        autocomplete="new-password"
        minLength={8}
        maxLength={128}
      />
      <div class="actions start">
        <Button look="primary" {...form.submit}>
          {words.action}
        </Button>
      </div>
    </form>
  );
}

/** Here 401 is about the one field. */
function wrongCurrent(failure: Failure, words: string): Failure {
  if (!failure.problem) return failure;
  const problem = {
    ...failure.problem,
    type: '/problems/invalid',
    errors: [{ field: 'current_password', message: words, next_step: null }],
  };
  return new Failure('refused', problem, 422);
}
