import type { ComponentChildren } from 'preact';
import { at, setQuery } from '../../app/router';
import { me } from '../../app/session';
import { Page, Tabs } from '../../ui';
import { Exports } from '../../workday';
import { Consent } from './consent';
import { Corrections } from './corrections';
import { Days } from './days';
import './my-data.css';
import { Seen } from './seen';
import { t } from './words';

const TABS = ['days', 'seen', 'corrections', 'export', 'consent'] as const;
type Tab = (typeof TABS)[number];

/** Everything the employer saw, what it came to, and what one agreed to. */
export default function MyDataScreen() {
  const words = t();
  const tab = TABS.find((known) => known === at.value.query.get('tab')) ?? 'days';
  const person_id = me.value?.person_id;
  if (!person_id) return null;
  const parts: Record<Tab, () => ComponentChildren> = {
    days: () => <Days person_id={person_id} />,
    seen: () => <Seen person_id={person_id} />,
    corrections: () => <Corrections person_id={person_id} />,
    export: () => <Exports person_id={person_id} />,
    consent: () => <Consent />,
  };
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        label={words.title}
        current={tab}
        tabs={TABS.map((id) => ({ id, label: words.tabs[id] }))}
        onChange={(next) => setQuery({ tab: next === 'days' ? null : next })}
      >
        {parts[tab]()}
      </Tabs>
    </Page>
  );
}
