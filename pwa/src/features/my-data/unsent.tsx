import { entries } from '../../offline/outbox';
import { ButtonLink, Notice } from '../../ui';
import { t } from './words';

/** Proposals and answers of this device that the server does not have. */
export function Unsent() {
  const words = t();
  const mine = entries.value.filter((entry) => (entry.kind === 'correction' || entry.kind === 'answer') && entry.state !== 'accepted');
  if (mine.length === 0) return null;
  const isBad = mine.some((entry) => entry.state === 'refused' || entry.state === 'conflict');
  return (
    <Notice tone={isBad ? 'bad' : 'warn'} actions={<ButtonLink href="/outbox">{words.unsentLook}</ButtonLink>}>
      {isBad ? words.unsentBad : words.unsent(mine.length)}
    </Notice>
  );
}
