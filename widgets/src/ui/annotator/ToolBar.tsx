import type { Editor } from '../../engine/editor.js';
import type { ActionId } from '../../engine/keys.js';
import { TOOLS, type ToolId } from '../../engine/tools/index.js';
import { IconButton, keyOf } from './IconButton.js';
import { useEditor } from './use-editor.js';

const SHOWN: readonly (readonly [ToolId, ActionId])[] = [
  ['select', 'tool-select'],
  ['box', 'tool-box'],
  ['polygon', 'tool-polygon'],
  ['smart', 'tool-smart'],
  ['wire', 'tool-wire'],
  ['point', 'tool-point'],
  ['hole', 'tool-hole'],
  ['split', 'tool-split'],
  ['pan', 'tool-pan'],
];

/** Tools that need somebody who finds outlines. */
const ASKING: ReadonlySet<ToolId> = new Set(['smart', 'wire']);

/** One button a tool, the chosen one pressed. */
export function ToolBar({ editor }: { editor: Editor }) {
  const tool = useEditor(editor, (state) => state.tool);
  const keymap = useEditor(editor, (state) => state.keymap);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const assists = useEditor(editor, (state) => state.assists);
  return (
    <div className="rf-tools" role="toolbar" aria-label="Tools" aria-orientation="vertical">
      {SHOWN.map(([id, action]) => (
        <IconButton
          key={id}
          icon={id}
          name={TOOLS[id].title + (assists || !ASKING.has(id) ? '' : ' (nobody here finds outlines)')}
          keys={keyOf(keymap, action)}
          pressed={tool === id}
          disabled={(readOnly && id !== 'select' && id !== 'pan') || (!assists && ASKING.has(id))}
          onClick={() => {
            editor.setTool(id);
          }}
        />
      ))}
    </div>
  );
}
