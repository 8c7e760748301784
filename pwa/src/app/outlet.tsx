import { useSignal, useSignalEffect } from '@preact/signals';
import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { wordsReady } from '../i18n';
import { Button, ButtonLink, Empty, Progress, Skeleton } from '../ui';
import { at, scrollOfHistory, type ScreenProps } from './router';
import { isFor, routeOf } from './routes';
import { t } from './t';

interface Shown {
  path: string;
  Screen: ComponentType<ScreenProps>;
  params: Record<string, string>;
}

const NotFound = () => (
  <Empty icon="unknown" title={t().notFound.title} action={<ButtonLink href="/">{t().home}</ButtonLink>}>
    {t().notFound.text}
  </Empty>
);
const NotForYou = () => (
  <Empty icon="shield" title={t().notForYou.title} action={<ButtonLink href="/">{t().home}</ButtonLink>}>
    {t().notForYou.text}
  </Empty>
);
const NotFetched = () => (
  <Empty icon="cloudOff" title={t().notFetched.title} action={<Button onClick={() => location.reload()}>{t().reload}</Button>}>
    {t().notFetched.text}
  </Empty>
);

async function screenOf(path: string): Promise<Shown> {
  const found = routeOf(path);
  if (!found) return { path, Screen: NotFound, params: {} };
  if (!isFor(found.route)) return { path, Screen: NotForYou, params: {} };
  try {
    const { default: Screen } = await found.route.load();
    await wordsReady();
    return { path, Screen, params: found.params };
  } catch (error) {
    console.error(error);
    return { path, Screen: NotFetched, params: {} };
  }
}

/** The screen of where we are. The old one stays until the next is here. */
export function Outlet() {
  const shown = useSignal<Shown | null>(null);
  const fetching = useSignal(false);
  const first = useRef(true);

  useSignalEffect(() => {
    const { path } = at.value;
    if (shown.peek()?.path === path) return;
    fetching.value = true;
    void screenOf(path).then((next) => {
      if (at.peek().path !== path) return;
      shown.value = next;
      fetching.value = false;
    });
  });

  useEffect(() => {
    if (!shown.value) return;
    if (!first.current) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, scrollOfHistory());
  }, [shown.value]);

  if (!shown.value) return <Skeleton lines={6} />;
  const { Screen, params, path } = shown.value;
  return (
    <>
      {fetching.value && <Progress />}
      <Boundary key={path}>
        <Screen params={params} />
      </Boundary>
    </>
  );
}

/** Catches faults of a screen, so that the rest of the app goes on. */
class Boundary extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Empty icon="alert" title={t().fault.title} action={<Button onClick={() => location.reload()}>{t().reload}</Button>}>
        {t().fault.text}
      </Empty>
    );
  }
}
