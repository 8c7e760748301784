/** A visitor's photo beside their visit, for whoever receives: asked for each time, kept nowhere on this device. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { readPhoto, type VisitWhole } from '../../api/visits';
import { formatDate } from '../../i18n';
import { Button } from '../../ui';
import { t } from './words';

export function Photo({ of, deletes_on }: { of: VisitWhole; deletes_on: string }) {
  const words = t().visit;
  const picture = useSignal<string | null>(null);
  const failure = useSignal<unknown>(null);
  const look = async (isWanted: () => boolean = () => true) => {
    try {
      const found = await readPhoto(of.id);
      if (!isWanted()) return;
      picture.value = found;
      failure.value = null;
    } catch (error) {
      if (isWanted()) failure.value = error;
    }
  };
  useEffect(() => {
    let wanted = true;
    void look(() => wanted);
    return () => (wanted = false);
  }, [of.id, of.revision]);
  const explained = failure.value !== null && picture.value === null ? explain(failure.value) : null;
  return (
    <figure class="visit-photo">
      {picture.value ? (
        <img src={picture.value} alt={words.photoOf(of.name)} />
      ) : (
        <div class="visit-photo-gap" role={explained ? 'alert' : 'status'}>
          {explained ? (
            <>
              <span class="small">{words.photoNotShown}</span>
              <span class="muted small">{explained.title}</span>
              <Button look="quiet" icon="refresh" label={words.photoAgain} onClick={() => void look()} />
            </>
          ) : (
            <span class="unseen">{words.photoComes}</span>
          )}
        </div>
      )}
      <figcaption class="muted small">{words.fieldDeletes(formatDate(`${deletes_on}T12:00:00Z`))}</figcaption>
    </figure>
  );
}
