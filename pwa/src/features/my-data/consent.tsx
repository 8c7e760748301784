import { formatDateTime } from '../../i18n';
import { Asked } from './asked';
import { type SwitchEvent, switchEvents } from './store';
import { t } from './words';

function eventSaid(event: SwitchEvent): string {
  const words = t();
  if (event.kind === 'pause') return event.until ? words.paused(formatDateTime(event.until)) : (words.events['pause'] ?? event.kind);
  return words.events[event.kind] ?? event.kind;
}

/** Which notices one accepted, and everything one did with the switch. Nobody else sees this. */
export function Consent() {
  const words = t();
  return (
    <>
      <Asked title={words.notices} about={words.noticesAbout} none={words.noticesNone} of={switchEvents()}>
        {(found) => {
          const accepted = found.filter((event) => event.notice_version !== null);
          return accepted.length === 0 ? (
            <p class="muted">{words.noticesNone}</p>
          ) : (
            <ul class="lines">
              {accepted.map((event) => (
                <li key={event.id} class="stack tight">
                  <div class="row spread">
                    <strong>{words.version(event.notice_version ?? '')}</strong>
                    <time class="muted" dateTime={event.at}>
                      {formatDateTime(event.at)}
                    </time>
                  </div>
                  <p class="muted small">
                    {words.inLanguage[event.locale ?? ''] ?? event.locale}. {words.checksum} <code>{event.notice_sha256}</code>
                  </p>
                </li>
              ))}
            </ul>
          );
        }}
      </Asked>
      <Asked title={words.switch} about={words.switchAbout} none={words.switchNone} of={switchEvents()}>
        {(found) => (
          <ul class="lines compact">
            {found.map((event) => (
              <li key={event.id} class="row spread">
                <span>
                  {eventSaid(event)} <span class="muted">{words.channels[event.channel] ?? ''}</span>
                </span>
                <time class="muted" dateTime={event.at}>
                  {formatDateTime(event.at)}
                </time>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </>
  );
}
