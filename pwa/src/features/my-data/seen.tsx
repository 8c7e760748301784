import { may } from '../../app/session';
import { dayOf, formatDate, formatSince } from '../../i18n';
import { Status } from '../../ui';
import { endSaid, StaySeen, timeOn } from '../../workday';
import { Asked } from './asked';
import { crossings, looks, type Stay, stays } from './store';
import { t } from './words';

type Ended = Parameters<typeof endSaid>[0];

function StayShown({ stay }: { stay: Stay }) {
  const words = t();
  const day = dayOf(stay.entered_at);
  const from = timeOn(stay.entered_at, day);
  return (
    <li class="stack tight">
      <div class="row spread">
        <strong>{stay.fence}</strong>
        <Status tone={stay.ended === null ? 'good' : stay.ended === 'assumed' ? 'warn' : 'neutral'}>
          {stay.ended === null ? words.inside : words.ended[stay.ended]}
        </Status>
      </div>
      <p>
        {formatDate(stay.entered_at)}, {stay.left_at ? words.fromTo(from, timeOn(stay.left_at, day)) : words.since(from)}
      </p>
      {stay.ended !== null && <p class="muted small">{endSaid(stay as Ended)}</p>}
      <StaySeen stay_id={stay.id} />
    </li>
  );
}

/** What the employer was told, what is known, and who looked. */
export function Seen({ person_id }: { person_id: string }) {
  const words = t();
  return (
    <>
      <Asked title={words.told} about={words.toldAbout} none={words.toldNone} of={crossings()}>
        {(found) => (
          <ul class="lines compact">
            {found.map((one) => (
              <li key={`${one.kind} ${one.at} ${one.fence_id}`} class="row spread">
                <span>{words.crossing[one.kind](one.fence)}</span>
                <time class="muted" dateTime={one.at}>
                  {formatSince(one.at)}
                </time>
              </li>
            ))}
          </ul>
        )}
      </Asked>
      {may('stay.read') && (
        <Asked title={words.stays} about={words.staysAbout} none={words.staysNone} of={stays(person_id)}>
          {(found) => (
            <ul class="lines">
              {found.map((stay) => (
                <StayShown key={stay.id} stay={stay} />
              ))}
            </ul>
          )}
        </Asked>
      )}
      <Asked title={words.looks} about={words.looksAbout} none={words.looksNone} of={looks()}>
        {(found) => (
          <ul class="lines compact">
            {found.map((look) => (
              <li key={`${look.viewer_id} ${look.at}`} class="row spread">
                <span>
                  {look.viewer || words.somebody} <span class="muted">({look.at_everybody ? words.atEverybody : words.atYou})</span>
                </span>
                <time class="muted" dateTime={look.at}>
                  {formatSince(look.at)}
                </time>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </>
  );
}
