import { useSignal } from '@preact/signals';
import type { Mark, Standing } from '../../rollcall/merge';
import { addSomebody } from '../../rollcall/store';
import type { RollCall } from '../../rollcall/types';
import { Button, Choice, Dialog, Select, TextField } from '../../ui';
import { say, stored } from './marking';
import { MARKS } from './person';
import { siteNames } from './sites';
import { t } from './words';

/** Somebody who stands on no list: a name or a few words, and how they are. */
export function Add({ call, onClose }: { call: RollCall; onClose: () => void }) {
  const words = t().add;
  const name = useSignal('');
  const site = useSignal(call.site_ids[0] ?? '');
  const how = useSignal<Standing>('safe');
  const wrong = useSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const text = name.value.trim();
    if (!text) return void (wrong.value = words.empty);
    const entry = await stored(() => addSomebody(call.id, text, site.value || null));
    if (entry && how.value !== 'open') await say(call, entry, how.value as Mark, null);
    if (entry) onClose();
  };
  const sites = [...siteNames(call.sites, call.site_ids)];
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form class="stack" noValidate onSubmit={(event) => void submit(event)}>
        <TextField
          name="name"
          label={words.name}
          value={name.value}
          onValue={(value) => (name.value = value)}
          error={wrong.value || undefined}
          maxLength={200}
          required
        />
        {sites.length > 1 && (
          <Select
            name="site"
            label={words.site}
            value={site.value}
            options={sites.map(([value, label]) => ({ value, label }))}
            onValue={(value) => (site.value = value)}
          />
        )}
        <Choice
          label={words.mark}
          value={how.value}
          options={[...MARKS, 'open' as const].map((value) => ({ value, label: t().standings[value] }))}
          onValue={(value) => (how.value = value)}
        />
        <Button look="primary" type="submit">
          {words.action}
        </Button>
      </form>
    </Dialog>
  );
}
