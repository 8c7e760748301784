import { lazyScreen } from './lazy';
import { match } from './router';
import { ROUTES } from './routes';
import { askingAgain, isMarked, me, standing } from './session';
import { Shell } from './shell';

const signIn = () => import('../features/session/sign-in');
const SignIn = lazyScreen(signIn);
const ChoosePassword = lazyScreen(() => import('../features/session/choose-password'));
const SignInAgain = lazyScreen(() => import('../features/session/sign-in-again'));
const Unknown = lazyScreen(() => import('../features/session/unknown'));

/** Fetch what will probably be shown first while it is being found out who this is: a slow network is waited for once instead of three times. */
export function fetchFirst(): void {
  const path = location.pathname === '/' ? '/today' : location.pathname;
  const load = isMarked() ? match(ROUTES, path)?.route.load : signIn;
  load?.().catch(() => undefined);
}

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
