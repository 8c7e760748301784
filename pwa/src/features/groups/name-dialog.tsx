import { useForm } from '../../api';
import { common } from '../../people';
import { Button, Dialog, FormProblem, TextField } from '../../ui';
import { t } from './words';

interface NameDialogProps {
  title: string;
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
  /** The name that somebody else gave meanwhile. */
  theirs: string | null;
}

/** What a group is called. */
export function NameDialog({ title, name, onSave, onClose, theirs }: NameDialogProps) {
  const words = t();
  const form = useForm({ name }, (values) => onSave(values.name));
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {theirs !== null && <p>{common().clash}</p>}
        <TextField
          {...form.field('name')}
          label={words.name}
          hint={theirs === null ? words.nameHint : common().savedNow(theirs)}
          maxLength={200}
          autocomplete="off"
          required
        />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
