import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Notice } from '../../../ui';
import { showCode, step } from '../flow';
import { leaving, showVisit } from '../visit/flow';
import { receives } from '../visit/form';
import { tokenIn } from '../visit/reception';
import { StepFrame } from '../parts';
import { t } from '../words';
import { type Hindrance, watchForCodes } from './camera';

/** The camera looks for a personal code. Its pictures go nowhere. */
export function ScanStep() {
  const video = useRef<HTMLVideoElement>(null);
  const facing = useSignal<'user' | 'environment'>('user');
  const hindrance = useSignal<Hindrance | null>(null);
  useEffect(() => {
    const over = new AbortController();
    const found = (text: string) => {
      over.abort();
      const token = receives() ? tokenIn(text) : null;
      void (token ? showVisit({ token }) : showCode(text));
    };
    if (video.current)
      void watchForCodes(video.current, found, over.signal, facing.value).then((hinders) => {
        if (!over.signal.aborted) hindrance.value = hinders;
      });
    return () => over.abort();
  }, [facing.value]);
  const words = t().scan;
  const hindered = hindrance.value && words[hindrance.value];
  return (
    <StepFrame title={words.heading}>
      {hindered ? (
        <Notice tone="bad" title={hindered.title}>
          {hindered.text}
        </Notice>
      ) : (
        <>
          <video ref={video} class={facing.value === 'user' ? 'view mirrored' : 'view'} muted playsInline aria-label={words.looking} />
          <Button icon="refresh" onClick={() => (facing.value = facing.value === 'user' ? 'environment' : 'user')}>
            {words.turn}
          </Button>
        </>
      )}
      <Button look={hindered ? 'primary' : 'plain'} icon="edit" onClick={() => (step.value = leaving.value ? 'leave' : 'idle')}>
        {words.instead}
      </Button>
    </StepFrame>
  );
}
