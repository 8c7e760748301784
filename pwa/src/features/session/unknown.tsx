import { explain } from '../../api';
import { begin, trouble } from '../../app/session';
import { ErrorState } from '../../ui';
import { Frame } from './frame';
import { t } from './words';

/** The app was opened where nobody was signed in before, and the server cannot be asked. */
export default function Unknown() {
  return (
    <Frame title={t().unknown.title} about={t().unknown.text}>
      <ErrorState explained={explain(trouble.value)} onRetry={() => void begin()} />
    </Frame>
  );
}
