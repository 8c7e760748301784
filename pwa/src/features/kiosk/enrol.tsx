import { useSignal } from '@preact/signals';
import { isFailure } from '../../api/failure';
import { Button, Notice, PasswordField, TextField } from '../../ui';
import { revoked } from './ask';
import { enrol, kiosk, NotAKiosk } from './device';
import { t } from './words';

type Wrong = 'insecure' | 'unknown' | 'phone' | 'away' | 'busy';

/** The code behind the # of the link that the manager's screen shows; taken out of the address at once. */
function codeInAddress(): string {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(null, '', location.pathname);
  return code;
}

function wrongOf(error: unknown): Wrong {
  if (error instanceof NotAKiosk) return 'phone';
  if (isFailure(error) && error.kind === 'refused') return error.status === 429 ? 'busy' : 'unknown';
  return 'away';
}

/** Make this tablet a kiosk of a site, by the code that a manager made. */
export function Enrol() {
  const code = useSignal('');
  const pin = useSignal('');
  const wrong = useSignal<Wrong | null>(isSecureContext ? null : 'insecure');
  const busy = useSignal(false);
  const started = useSignal(false);
  if (!started.value) {
    started.value = true;
    code.value = codeInAddress();
  }
  const words = t().enrol;
  const begin = async () => {
    busy.value = true;
    wrong.value = null;
    try {
      await enrol(code.value, pin.value);
      revoked.value = false;
    } catch (error) {
      wrong.value = wrongOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="step">
      <h1 tabIndex={-1}>{kiosk.value ? t().gone.heading : words.heading}</h1>
      <p class="muted">{kiosk.value ? t().gone.text : words.about}</p>
      {wrong.value && (
        <Notice tone="bad" title={words[wrong.value].title}>
          {words[wrong.value].text}
        </Notice>
      )}
      {isSecureContext && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy.value && event.currentTarget.reportValidity()) void begin();
          }}
        >
          <TextField
            name="code"
            label={words.code}
            hint={words.codeHint}
            value={code.value}
            onValue={(value) => (code.value = value)}
            minLength={8}
            maxLength={40}
            autocomplete="one-time-code"
            required
          />
          <PasswordField
            name="pin"
            label={words.pin}
            hint={words.pinHint}
            value={pin.value}
            onValue={(value) => (pin.value = value.replace(/\D/g, ''))}
            minLength={4}
            maxLength={8}
            autocomplete="new-password"
          />
          <Button type="submit" look="primary" wide busy={busy.value}>
            {words.start}
          </Button>
        </form>
      )}
    </div>
  );
}
