import { signOut } from '../../app/session';
import { Button } from '../../ui';
import { Frame } from './frame';
import { PasswordForm } from './password-form';
import { t } from './words';

/** Nothing else is possible while the password was made by somebody else. */
export default function ChoosePassword() {
  return (
    <Frame title={t().choose.title} about={t().choose.about}>
      <PasswordForm first />
      <Button look="quiet" icon="signOut" onClick={() => void signOut()}>
        {t().account.signOut}
      </Button>
    </Frame>
  );
}
