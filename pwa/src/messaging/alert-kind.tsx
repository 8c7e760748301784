/** What kind an alert is: an actual one differs from an exercise and a test in colour, word and picture. Shared by composer, list and board. */
import type { Exercise, Severity } from '../api/messaging-types';
import { Icon, type IconName, Status, type Tone } from '../ui';
import { t } from './alert-words';
import './alert-kind.css';

export const KIND_ICONS: Record<Exercise, IconName> = { actual: 'siren', exercise: 'flag', test: 'flask' };
const SEVERITY_TONES: Record<Severity, Tone> = { extreme: 'bad', severe: 'bad', moderate: 'warn', minor: 'neutral' };

/** At the head of everything about one alert. */
export function KindBand({ exercise, children }: { exercise: Exercise; children?: preact.ComponentChildren }) {
  return (
    <div class={`kind-band ${exercise}`}>
      <Icon name={KIND_ICONS[exercise]} />
      <strong>{t().kinds[exercise]}</strong>
      {children && <span>{children}</span>}
    </div>
  );
}

/** In lists. */
export function KindMark({ exercise }: { exercise: Exercise }) {
  return (
    <span class={`kind-mark ${exercise}`}>
      <Icon name={KIND_ICONS[exercise]} />
      {t().kinds[exercise]}
    </span>
  );
}

export function SeverityMark({ severity }: { severity: Severity }) {
  return <Status tone={SEVERITY_TONES[severity]}>{t().severities[severity]}</Status>;
}
