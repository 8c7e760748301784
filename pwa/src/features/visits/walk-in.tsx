/** Somebody stands there without an invitation: the reception lets them in. */
import { useMemo } from 'preact/hooks';
import { useForm } from '../../api';
import { walkIn } from '../../api/visits';
import { navigate } from '../../app/router';
import { language } from '../../i18n';
import { uuid } from '../../offline/seal';
import { PersonPicker, type Person } from '../../people';
import { Button, Dialog, Empty, FormProblem, Select, TextField, toast } from '../../ui';
import { lacks } from './sign';
import { types } from './store';
import { t } from './words';

export function WalkIn({ site_id, onClose, onDone }: { site_id: string; onClose: () => void; onDone: () => void }) {
  const words = t();
  const known = types().value.value ?? [];
  const id = useMemo(uuid, []);
  const form = useForm({ name: '', visit_type_id: known[0]?.id ?? '', host_id: null as Person | null }, async (values) => {
    const host = values.host_id && { host_id: values.host_id.id };
    const came = await walkIn({
      id,
      site_id,
      name: values.name.trim(),
      visit_type_id: values.visit_type_id,
      locale: language.value,
      ...host,
    });
    toast(words.arrived(values.name.trim()));
    onDone();
    onClose();
    if (lacks(came).length > 0) navigate(`/visits/${came.id}`); // there it can be signed
  });
  const { name: _, ...host } = form.field('host_id');
  return (
    <Dialog title={words.walkIn} onClose={onClose}>
      {known.length === 0 ? (
        <Empty title={words.type}>{words.noTypes}</Empty>
      ) : (
        <form class="stack" {...form.props}>
          <FormProblem {...form.problem} />
          <TextField {...form.field('name')} label={words.name} maxLength={200} autocomplete="off" required />
          <Select {...form.field('visit_type_id')} label={words.type} options={known.map((one) => ({ value: one.id, label: one.name }))} />
          <PersonPicker {...host} label={words.host} />
          <div class="actions">
            <Button look="primary" {...form.submit}>
              {words.walkInDo}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
