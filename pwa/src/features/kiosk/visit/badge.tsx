import { formatDateTime } from '../../../i18n';
import { kiosk } from '../device';
import { t } from './words';

interface Props {
  name: string;
  host: string | null;
  number: number | null;
  at_ms: number;
  /** A picture (data:) of the code to leave by; null where there is none. */
  qr: string | null;
}

/** What comes out of the printer, a label of 62 mm. Never on the screen: `kiosk.css` shows it on paper, and there nothing else. */
export function Badge({ name, host, number, at_ms, qr }: Props) {
  const words = t().badge;
  return (
    <div class="badge">
      <p>{kiosk.value?.organization}</p>
      <p class="badge-name">{name}</p>
      <p>
        <strong>{words.visitor}</strong> {number !== null && words.number(number)}
      </p>
      {host && <p>{words.host(host)}</p>}
      <p>
        {kiosk.value?.site} · {formatDateTime(at_ms)}
      </p>
      {qr && (
        <>
          <img src={qr} alt="" />
          <p>{words.qr}</p>
        </>
      )}
    </div>
  );
}
