import { lazyScreen } from './lazy';
import { askingAgain, me, standing } from './session';
import { Shell } from './shell';

const SignIn = lazyScreen(() => import('../features/session/sign-in'));
const ChoosePassword = lazyScreen(() => import('../features/session/choose-password'));
const SignInAgain = lazyScreen(() => import('../features/session/sign-in-again'));
const Unknown = lazyScreen(() => import('../features/session/unknown'));

/** Which of the four faces of the app is shown: unknown, sign-in, first password, or the shell with its screens. */
export function App() {
  if (standing.value === 'asking') return null;
  if (standing.value === 'unknown') return <Unknown />;
  if (!me.value) return <SignIn />;
  return (
    <>
      {me.value.must_change_password ? <ChoosePassword /> : <Shell />}
      {askingAgain.value && <SignInAgain />}
    </>
  );
}
