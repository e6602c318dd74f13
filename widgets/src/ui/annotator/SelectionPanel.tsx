import type { Annotation } from '../../engine/annotation.js';
import { pickFrom, setAttributes } from '../../engine/document.js';
import type { Editor } from '../../engine/editor.js';
import { AttributesEditor } from './AttributesEditor.js';
import { IconButton, keyOf } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** What can be done with what is selected: another label, another height, attributes, deleting. */
export function SelectionPanel({ editor }: { editor: Editor }) {
  const document = useEditor(editor, (state) => state.document);
  const selection = useEditor(editor, (state) => state.selection);
  const chosen = pickFrom(document, selection);
  const [first] = chosen;
  if (first === undefined) return null;
  return (
    <section className="rf-panel rf-selection" aria-label="Selection">
      <h4 className="rf-heading">{chosen.length === 1 ? 'Selected' : `${String(chosen.length)} selected`}</h4>
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
  const labels = useEditor(editor, (state) => state.labels);
  const names = new Set(chosen.map(({ label }) => label));
  const [only] = names;
  const value = names.size === 1 ? only : '';
  return (
    <select
      className="rf-input rf-cut"
      aria-label="Label of the selection"
      value={value}
      onChange={(event) => {
        editor.setTool('select');
        editor.setLabel(event.target.value);
      }}
    >
      {names.size > 1 ? <option value="">several labels</option> : null}
      {labels.map(({ name }) => (
        <option key={name} value={name}>
          {name.length > 60 ? `${name.slice(0, 59)}…` : name}
        </option>
      ))}
    </select>
  );
}

const ACTIONS = [
  ['front', 'to-front', 'To the front'],
  ['back', 'to-back', 'To the back'],
  ['hidden', 'hide', 'Hide or show'],
  ['locked', 'lock', 'Lock or unlock'],
  ['join', 'join', 'Join'],
  ['simplify', 'simplify', 'Simplify'],
  ['delete', 'delete', 'Delete'],
] as const;

function Actions({ editor }: { editor: Editor }) {
  const keymap = useEditor(editor, (state) => state.keymap);
  return (
    <div className="rf-group" role="group" aria-label="Actions on the selection">
      {ACTIONS.map(([icon, action, name]) => (
        <IconButton
          key={action}
          icon={icon}
          name={name}
          keys={keyOf(keymap, action)}
          onClick={() => editor.run(action)}
        />
      ))}
    </div>
  );
}
