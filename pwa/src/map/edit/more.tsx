import { useSignal } from '@preact/signals';
import { Button, Dialog, Menu, TextField, type Action } from '../../ui';
import { ringOf } from './corners';
import type { Editor } from './editor';
import { readShape, type Trouble } from './text';
import { t } from './words';

function Paste({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const text = useSignal('');
  const trouble = useSignal<Trouble | null>(null);
  const words = t();
  const use = (event: SubmitEvent) => {
    event.preventDefault();
    const found = readShape(text.value);
    if ('trouble' in found) return void (trouble.value = found.trouble);
    editor.replace(found.shape);
    onClose();
  };
  return (
    <Dialog title={words.pasteTitle} onClose={onClose}>
      <form class="stack" noValidate onSubmit={use}>
        <TextField
          name="shape"
          label={words.pasteLabel}
          hint={words.pasteHint}
          rows={8}
          required
          value={text.value}
          onValue={(value) => (text.value = value)}
          error={trouble.value ? words.pasteWrong[trouble.value] : undefined}
        />
        <div class="actions">
          <Button type="submit" look="primary">
            {words.pasteAction}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is needed now and then. */
export function More({ editor }: { editor: Editor }) {
  const pasting = useSignal(false);
  const words = t();
  const { area } = editor.sketch.value;
  const hasBorder = editor.kind.value === 'area' && ringOf(area, { polygon: editor.ring.value.polygon, ring: 0 }).length > 2;
  const actions: Action[] = [
    ...(hasBorder
      ? [
          { label: words.hole, run: () => editor.beginRing(editor.ring.value.polygon) },
          { label: words.part, run: () => editor.beginRing('new') },
        ]
      : []),
    { label: words.paste, run: () => (pasting.value = true) },
    { label: editor.snapping.value ? words.snapOff : words.snapOn, run: () => (editor.snapping.value = !editor.snapping.value) },
    ...(editor.shape.value ? [{ label: words.clear, danger: true, run: () => editor.clear() }] : []),
  ];
  return (
    <>
      <Menu label={words.more} look="plain" actions={actions} />
      {pasting.value && <Paste editor={editor} onClose={() => (pasting.value = false)} />}
    </>
  );
}
