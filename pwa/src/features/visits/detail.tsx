/** One visit: how it stands, what the visitor told, the badge, and the end of it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { badgeAddress, correct, eraseVisitor, FIELDS, type Visit, type VisitWhole } from '../../api/visits';
import { navigate, type ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { formatDate, formatDateTime } from '../../i18n';
import { common, useEdit } from '../../people';
import { Button, ButtonLink, confirm, Dialog, ErrorState, Facts, FormProblem, Page, Section, Skeleton, TextField, toast } from '../../ui';
import { Full, Standing, Steps } from './line';
import { Photo } from './photo';
import { lacks, Sign, Unsigned } from './sign';
import { keepFresh, stateOf, visit } from './store';
import { t } from './words';
import './visits.css';

const when = (at: string | null) => at && formatDateTime(at);

function Correct({ of, etag, onClose }: { of: Visit; etag: string; onClose: () => void }) {
  const words = t();
  const edit = useEdit<Visit>(etag, () =>
    visit(of.id)
      .refresh()
      .then(() => ({ value: visit(of.id).value.value ?? of, etag: visit(of.id).etag.value ?? '' })),
  );
  const form = useForm({ name: of.name }, async ({ name }) => {
    await edit.save((match) => correct(of.id, { name: name.trim() }, match));
    await visit(of.id).refresh();
    onClose();
  });
  const theirs = edit.theirs && edit.theirs.name !== form.values.name && { hint: common().savedNow(edit.theirs.name) };
  return (
    <Dialog title={of.name} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <TextField {...form.field('name')} {...theirs} label={words.name} maxLength={200} autocomplete="off" required />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Told({ of }: { of: VisitWhole }) {
  const words = t().visit;
  const told = FIELDS.filter((field) => of.fields[field]);
  if (told.length === 0) return null;
  return (
    <Section title={words.told}>
      <div class="visit-told">
        <Facts
          of={told.map((field) => {
            const until = of.fields_delete_on[field];
            const value = (
              <span class="stack tight">
                {of.fields[field]}
                {until && <span class="muted small">{words.fieldDeletes(formatDate(`${until}T12:00:00Z`))}</span>}
              </span>
            );
            return [words.fields[field], value];
          })}
        />
      </div>
    </Section>
  );
}

export default function VisitDetail({ params }: ScreenProps) {
  const words = t();
  const id = params['visit_id'] ?? '';
  const asked = visit(id);
  const trouble = useSignal<unknown>(null);
  const corrects = useSignal(false);
  const signs = useSignal(false);
  const refresh = () => void asked.refresh();
  useEffect(() => {
    void asked.open();
    return keepFresh(refresh);
  }, [id]);
  const receives = may('visit.receive', 'all');
  const back = receives ? { href: '/visits', label: words.title } : { href: '/my-visits', label: words.mineTitle };
  const of = asked.value.value;
  if (!of) {
    return (
      <Page title={words.visit.facts} back={back}>
        {asked.failure.value === null ? <Skeleton /> : <ErrorState explained={explain(asked.failure.value)} onRetry={refresh} />}
      </Page>
    );
  }
  const photo_deletes_on = of.fields_delete_on['photo'];
  const erase = async () => {
    const question = { title: words.visit.eraseTitle(of.name), text: words.visit.eraseText, action: words.visit.erase, danger: true };
    if (!(await confirm(question))) return;
    try {
      await eraseVisitor(of.visitor_id);
      toast(words.visit.erased);
      navigate(back.href);
    } catch (error) {
      trouble.value = error;
    }
  };
  return (
    <Page title={of.name} back={back} busy={asked.loading.value} actions={<Steps of={of} onDone={refresh} />}>
      <Full />
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      <Section
        title={words.visit.facts}
        actions={
          receives && <Button look="quiet" icon="edit" label={words.of(words.name, of.name)} onClick={() => (corrects.value = true)} />
        }
      >
        <div class="visit-facts">
          {receives && photo_deletes_on && <Photo of={of} deletes_on={photo_deletes_on} />}
          <Facts
            of={[
              [words.state, <Standing of={of} />],
              [words.host, of.host_name],
              [words.type, of.type_name],
              [words.visit.expected, words.until(formatDateTime(of.expected_from), formatDateTime(of.expected_until))],
              [words.visit.arrived, when(of.arrived_at)],
              [words.visit.left, when(of.left_at)],
              [words.visit.badge, of.badge_number],
              [words.visit.deletes, formatDate(`${of.deletes_on}T12:00:00Z`)],
            ]}
          />
        </div>
        <div class="actions start">
          {of.invitation_id && may('visit.invite') && <a href={`/visits/invite/${of.invitation_id}`}>{words.visit.invitation}</a>}
          {receives && of.badge_number !== null && (
            <>
              <ButtonLink icon="download" href={badgeAddress(id, 'pdf')} download={`badge-${of.badge_number}.pdf`}>
                {words.visit.pdf}
              </ButtonLink>
              <ButtonLink icon="download" href={badgeAddress(id, 'label')} download={`label-${of.badge_number}.pdf`}>
                {words.visit.label}
              </ButtonLink>
            </>
          )}
        </div>
      </Section>
      {lacks(of).length > 0 && (
        <Section
          title={words.sign.section}
          actions={
            ['expected', 'waiting', 'on_site'].includes(stateOf(of)) && (
              <Button onClick={() => (signs.value = true)}>{words.sign.here}</Button>
            )
          }
        >
          <Unsigned of={of} />
        </Section>
      )}
      <Told of={of} />
      {receives && (
        <div class="actions start">
          <Button look="danger" icon="trash" onClick={() => void erase()}>
            {words.visit.erase}
          </Button>
        </div>
      )}
      {signs.value && (
        <Sign
          of={of}
          onSigned={() => {
            signs.value = false;
            refresh();
          }}
          onClose={() => (signs.value = false)}
        />
      )}
      {corrects.value && <Correct of={of} etag={asked.etag.value ?? ''} onClose={() => (corrects.value = false)} />}
    </Page>
  );
}
