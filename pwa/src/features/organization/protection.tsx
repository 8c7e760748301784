import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { Page, Tabs } from '../../ui';
import { Instructions } from './instruction';
import { Refusals } from './refusals';
import { Register } from './register';
import { Statement } from './statement';
import { t } from './words';

const PARTS = { instruction: Instructions, statement: Statement, register: Register, refusals: Refusals };
type Part = keyof typeof PARTS;

/** What the organization asked to be done with locations, what it accepted, what is kept, and what was refused. */
export default function Protection() {
  const words = t().protection;
  const parts = (Object.keys(PARTS) as Part[]).filter(
    (part) => (part !== 'register' || may('register.read', 'all')) && (part !== 'refusals' || may('refusal.read', 'all')),
  );
  const part = parts.find((one) => one === at.value.query.get('part')) ?? 'instruction';
  const Shown = PARTS[part];
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        label={words.title}
        current={part}
        tabs={parts.map((id) => ({ id, label: words.parts[id] }))}
        onChange={(next) => setQuery({ part: next === 'instruction' ? null : next })}
      >
        <Shown />
      </Tabs>
    </Page>
  );
}
