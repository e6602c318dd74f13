import type { Annotation } from '../../engine/annotation.js';
import { pickFrom, setAttributes } from '../../engine/document.js';
import type { Editor } from '../../engine/editor.js';
import { AttributesEditor } from './AttributesEditor.js';
import { selected, useWords } from '../words.js';
import { ActionButton, Group } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** What can be done with what is selected: another label, another height, attributes, deleting. */
export function SelectionPanel({ editor }: { editor: Editor }) {
  const trans = useWords();
  const document = useEditor(editor, (state) => state.document);
  const selection = useEditor(editor, (state) => state.selection);
  const chosen = pickFrom(document, selection);
  const [first] = chosen;
  if (first === undefined) return null;
  return (
    <section className="rf-panel rf-selection" aria-label={trans.__('Selection')}>
      <h4 className="rf-heading">{chosen.length === 1 ? trans.__('Selected') : selected(trans, chosen.length)}</h4>
      <Relabel editor={editor} chosen={chosen} />
      <Actions editor={editor} />
      {chosen.length === 1 ? (
        <AttributesEditor
          key={first.id}
          attributes={first.attributes}
          disabled={first.locked || first.proposal !== undefined}
          onChange={(attributes) => {
            editor.edit({ name: 'Attributes', edit: (d) => setAttributes(d, first.id, attributes) });
          }}
        />
      ) : null}
    </section>
  );
}

function Relabel({ editor, chosen }: { editor: Editor; chosen: readonly Annotation[] }) {
  const trans = useWords();
  const labels = useEditor(editor, (state) => state.labels);
  const names = new Set(chosen.map(({ label }) => label));
  const [only] = names;
  const value = names.size === 1 ? only : '';
  return (
    <select
      className="rf-input rf-cut"
      aria-label={trans.__('Label of the selection')}
      value={value}
      onChange={(event) => {
        editor.setTool('select');
        editor.setLabel(event.target.value);
      }}
    >
      {names.size > 1 ? <option value="">{trans.__('several labels')}</option> : null}
      {labels.map(({ name }) => (
        <option key={name} value={name}>
          {name.length > 60 ? `${name.slice(0, 59)}…` : name}
        </option>
      ))}
    </select>
  );
}

const ACTIONS = [
  ['front', 'to-front'],
  ['back', 'to-back'],
  ['hidden', 'hide'],
  ['locked', 'lock'],
  ['join', 'join'],
  ['simplify', 'simplify'],
  ['delete', 'delete'],
] as const;

function Actions({ editor }: { editor: Editor }) {
  const trans = useWords();
  return (
    <Group name={trans.__('Actions on the selection')}>
      {ACTIONS.map(([icon, action]) => (
        <ActionButton key={action} editor={editor} icon={icon} action={action} />
      ))}
    </Group>
  );
}
