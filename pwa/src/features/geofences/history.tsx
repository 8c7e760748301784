import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { formatDateTime, formatList } from '../../i18n';
import { shapeOf } from '../../map/shape';
import { Button, type Explained, FormProblem, Section, Skeleton } from '../../ui';
import { shapeWords } from './shape-words';
import { assignments, groups, olderVersions, type Version, versions } from './store';
import { t } from './words';

/** `Drawn`, `Changed: name and shape`. */
function changeWords(change: string): string {
  const words = t().versions;
  const parts = change.split(', ').map((part) => words.change[part] ?? part);
  return ['drawn', 'imported', 'restored'].includes(change) ? (parts[0] ?? '') : words.changed(formatList(parts));
}

const period = (from: string, until: string | null) => {
  const words = t().versions;
  return until ? words.fromUntil(formatDateTime(from), formatDateTime(until)) : words.from(formatDateTime(from));
};

function Row({ version, looked }: { version: Version; looked: { value: Version | null } }) {
  const words = t().versions;
  const isShown = looked.value?.version === version.version;
  return (
    <li>
      <div class="row spread">
        <strong>
          {words.nth(version.version)}: {version.name}
        </strong>
        <Button look="quiet" pressed={isShown} onClick={() => (looked.value = isShown ? null : version)}>
          {isShown ? words.hide : words.show}
        </Button>
      </div>
      <p class="small">
        {changeWords(version.change)} {version.changed_by && words.by(version.changed_by)}
      </p>
      <p class="muted small">
        {period(version.valid_from, version.valid_until)}
        {version.valid_until && version.ended_by && `, ${words.endedBy(version.ended_by)}`}
      </p>
      <p class="muted small">{shapeWords(shapeOf(version))}</p>
    </li>
  );
}

/** For whom it counted before. */
function Assignments({ id }: { id: string }) {
  const asked = assignments(id);
  useEffect(() => void asked.open(), [id]);
  const words = t().assigned;
  const past = (asked.value.value?.items ?? []).filter((one) => one.valid_until !== null);
  if (past.length === 0) return null;
  const name = (group_id: string | null) =>
    group_id === null ? words.everyone : (groups().value.value?.find((group) => group.id === group_id)?.name ?? words.goneGroup);
  return (
    <>
      <h3>
        {words.title}: {words.history.toLowerCase()}
      </h3>
      <ul class="plain-list small">
        {past.map((one) => (
          <li key={one.group_id + one.valid_from}>
            {name(one.group_id)} <span class="muted">{period(one.valid_from, one.valid_until)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What a geofence was when, and who changed what. `looked`: the version that the map shows in place of the one that holds. */
export function History({ id, looked }: { id: string; looked: { value: Version | null } }) {
  const asked = versions(id);
  const older = useSignal<{ items: Version[]; next: string | null } | null>(null);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => void asked.open(), [id]);
  const words = t().versions;
  const page = asked.value.value;
  const next = older.value ? older.value.next : (page?.next_cursor ?? null);
  const more = async (cursor: string) => {
    try {
      const found = await olderVersions(id, cursor);
      older.value = { items: [...(older.value?.items ?? []), ...found.items], next: found.next_cursor ?? null };
    } catch (error) {
      trouble.value = explain(error);
    }
  };
  return (
    <Section title={words.title} about={words.about}>
      {!page && (asked.failure.value ? <FormProblem explained={explain(asked.failure.value)} /> : <Skeleton />)}
      <ol class="version-list">
        {[...(page?.items ?? []), ...(older.value?.items ?? [])].map((version) => (
          <Row key={version.version} {...{ version, looked }} />
        ))}
      </ol>
      <FormProblem explained={trouble.value} />
      {next && <Button onClick={() => void more(next)}>{words.more}</Button>}
      <Assignments id={id} />
    </Section>
  );
}
