import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button, Icon } from '../../ui';
import { busy, givePin } from './flow';
import { StepFrame } from './parts';
import { t } from './words';

export const SHORTEST = 4;
const LONGEST = 8;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** A pad for digits, which are never shown and stand in no field that a browser could remember. A keyboard works too. */
export function PinPad({ onPin, isBusy }: { onPin: (pin: string) => Promise<void>; isBusy: boolean }) {
  const pin = useSignal('');
  const add = (digit: string) => {
    if (pin.value.length < LONGEST) pin.value += digit;
  };
  const erase = () => (pin.value = pin.value.slice(0, -1));
  const give = () => {
    const given = pin.value;
    if (given.length < SHORTEST || isBusy) return;
    pin.value = '';
    void onPin(given);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (/^\d$/.test(event.key)) add(event.key);
      else if (event.key === 'Backspace') erase();
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) give();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  const words = t().pin;
  return (
    <div class="pad">
      <p class="dots" role="status" aria-label={words.digits(pin.value.length)}>
        {Array.from({ length: Math.max(SHORTEST, pin.value.length) }, (_, place) => (
          <span key={place} class={place < pin.value.length ? 'typed' : undefined} />
        ))}
      </p>
      <div class="digits">
        {DIGITS.map((digit) => (
          <Button key={digit} onClick={() => add(digit)}>
            {digit}
          </Button>
        ))}
        <button type="button" class="button quiet" aria-label={words.erase} onClick={erase}>
          <Icon name="undo" />
        </button>
        <Button onClick={() => add('0')}>0</Button>
        <Button look="primary" icon="check" label={words.ok} busy={isBusy} disabled={pin.value.length < SHORTEST} onClick={give} />
      </div>
    </div>
  );
}

/** The person's own PIN, where the organization asks one. */
export function PinStep() {
  return (
    <StepFrame title={t().pin.heading}>
      <PinPad onPin={givePin} isBusy={busy.value} />
      <p class="hint">{t().pin.none}</p>
    </StepFrame>
  );
}
