import { Age } from '../ui';
import { t } from './words';

/** How old what is shown is; nothing before the first answer. */
export function Updated({ at }: { at: number | null }) {
  return at === null ? null : (
    <span>
      {t().updated} <Age at={at} />
    </span>
  );
}
