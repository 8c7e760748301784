import type { ComponentChildren } from 'preact';
import { connection, heardAt } from '../api';
import { reading } from '../location/position';
import { entries, troubled } from '../offline/outbox';
import { takeUpdate, update } from '../offline/worker';
import { Age, Button, Icon, type IconName, type Tone } from '../ui';
import { refresh } from './session';
import { t } from './t';

function Bar({ tone, icon, action, children }: { tone: Tone; icon: IconName; action: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class={`bar ${tone}`}>
      <Icon name={icon} />
      <span>{children}</span>
      {action}
    </div>
  );
}

/** Over plain http browsers hold back what a person at work needs most; loopback excepted. */
export function Insecure() {
  if (globalThis.isSecureContext) return null;
  return (
    <Bar tone="warn" icon="alert" action={null}>
      {t().insecure}
    </Bar>
  );
}

function Connection() {
  if (connection.value === 'online') return null;
  const retry = () => void refresh().catch(() => undefined);
  return (
    <Bar
      tone="warn"
      icon="cloudOff"
      action={
        <Button look="quiet" onClick={retry}>
          {t().tryAgain}
        </Button>
      }
    >
      {connection.value === 'offline' ? t().offline : t().unreachable}{' '}
      {heardAt.value && (
        <>
          {t().lastHeard} <Age at={heardAt.value} />.
        </>
      )}
    </Bar>
  );
}

/** What has not reached the server, once something holds it up; and what the server did not accept. */
function Waiting() {
  const held = entries.value.filter((entry) => entry.state === 'sign_in' || (entry.state === 'waiting' && entry.held !== null)).length;
  const refused = troubled.value.length;
  const look = <a href="/outbox">{t().look}</a>;
  return (
    <>
      {refused > 0 && (
        <Bar tone="bad" icon="alert" action={look}>
          {t().refused(refused)}
        </Bar>
      )}
      {held > 0 && (
        <Bar tone="warn" icon="wait" action={look}>
          {t().waiting(held)}
        </Bar>
      )}
    </>
  );
}

function Update() {
  if (update.value === 'none') return null;
  return (
    <Bar
      tone="info"
      icon="refresh"
      action={
        <Button look="quiet" onClick={takeUpdate}>
          {t().takeUpdate}
        </Button>
      }
    >
      {t().updateReady}
    </Bar>
  );
}

/** Whenever a position is read, wherever one looks. */
function Reading() {
  if (reading.value === 'no') return null;
  return (
    <Bar tone="info" icon="here" action={<a href="/sharing">{t().look}</a>}>
      {t().reading}
    </Bar>
  );
}

/** What holds for every screen: no HTTPS, a position being read, no answers, writes that wait, a new version. */
export function Bars() {
  return (
    <div role="status" class="bars">
      <Insecure />
      <Reading />
      <Connection />
      <Waiting />
      <Update />
    </div>
  );
}
