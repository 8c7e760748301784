import { useSignal } from '@preact/signals';
import { Button, toast } from '../../ui';
import { formatMetres } from '../units';
import { type Editor, FIRST_RADIUS_M } from './editor';
import { locate, type NotLocated } from './locate';
import { t } from './words';

const ROUND_M = 10;

/** A circle around where one is, at least as large as the device may be wrong. */
export function Around({ editor }: { editor: Editor }) {
  const busy = useSignal(false);
  const trouble = useSignal<NotLocated | null>(null);

  const look = async () => {
    busy.value = true;
    trouble.value = null;
    try {
      const { place, accuracy_m } = await locate();
      const [longitude, latitude] = place;
      const radius_m = Math.max(editor.sketch.value.circle?.radius_m ?? FIRST_RADIUS_M, Math.ceil(accuracy_m / ROUND_M) * ROUND_M);
      editor.replace({ kind: 'circle', longitude, latitude, radius_m });
      toast(t().located(formatMetres(accuracy_m)));
    } catch (reason) {
      trouble.value = reason as NotLocated;
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <Button icon="here" busy={busy.value} onClick={() => void look()}>
        {busy.value ? t().locating : t().aroundMe}
      </Button>
      {trouble.value && (
        <p class="error" role="alert">
          {t().notLocated[trouble.value]}
        </p>
      )}
    </>
  );
}
