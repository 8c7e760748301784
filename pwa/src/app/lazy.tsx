import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { wordsReady } from '../i18n';

/** A component that is fetched, with its words, when it is first shown. Nothing is shown until it is here. */
export function lazyScreen(load: () => Promise<{ default: ComponentType }>): ComponentType {
  return function Lazy() {
    const loaded = useSignal<ComponentType | null>(null);
    useEffect(() => {
      void load().then(async ({ default: Screen }) => {
        await wordsReady();
        loaded.value = () => <Screen />;
      });
    }, []);
    const Screen = loaded.value;
    return Screen ? <Screen /> : null;
  };
}
