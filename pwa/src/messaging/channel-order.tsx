import { CHANNELS, type Channel } from '../api/messaging';
import { Button, Checkbox } from '../ui';
import { t } from './words';
import './messaging.css';

interface OrderProps {
  value: readonly Channel[];
  onValue: (channels: Channel[]) => void;
  /** Which may be chosen at all. */
  among?: readonly Channel[];
  label?: string;
  error?: string | undefined;
}

/** Channels in the order in which they are tried. Buttons move them: nothing needs dragging. */
export function ChannelOrder({ value, onValue, among = CHANNELS.slice(0, 3), label, error }: OrderProps) {
  const words = t().order;
  const rows = [...value, ...among.filter((one) => !value.includes(one))];
  const move = (channel: Channel, by: number) => {
    const from = value.indexOf(channel);
    const next = value.filter((one) => one !== channel);
    next.splice(from + by, 0, channel);
    onValue(next);
  };
  return (
    <fieldset class="channel-order" aria-describedby={error ? 'channels-error' : undefined}>
      <legend>{label ?? words.label}</legend>
      <ol>
        {rows.map((channel) => {
          const place = value.indexOf(channel);
          const name = t().channels[channel];
          return (
            <li key={channel} class="row spread">
              <Checkbox
                label={place >= 0 && value.length > 1 ? words.place(place + 1, name) : name}
                value={place >= 0}
                onValue={(on) => onValue(on ? [...value, channel] : value.filter((one) => one !== channel))}
              />
              {place >= 0 && value.length > 1 && (
                <div class="row">
                  <Button look="quiet" icon="chevronUp" label={words.up(name)} disabled={place === 0} onClick={() => move(channel, -1)} />
                  <Button
                    look="quiet"
                    icon="chevronDown"
                    label={words.down(name)}
                    disabled={place === value.length - 1}
                    onClick={() => move(channel, 1)}
                  />
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {error && (
        <p class="error" id="channels-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
