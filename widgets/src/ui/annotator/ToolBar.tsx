import type { Editor } from '../../engine/editor.js';
import type { ActionId } from '../../engine/keys.js';
import { TOOLS, type ToolId } from '../../engine/tools/index.js';
import { useWords, type Words } from '../words.js';
import { ActionButton } from './IconButton.js';
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
  const trans = useWords();
  const tool = useEditor(editor, (state) => state.tool);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const assists = useEditor(editor, (state) => state.assists);
  return (
    <div className="rf-tools" role="toolbar" aria-label={trans.__('Tools')} aria-orientation="vertical">
      {SHOWN.map(([id, action]) => (
        <ActionButton
          key={id}
          editor={editor}
          icon={id}
          action={action}
          name={nameOf(trans, id, assists)}
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

function nameOf(trans: Words, id: ToolId, assists: boolean): string {
  const name = trans.__(TOOLS[id].title);
  return assists || !ASKING.has(id) ? name : trans.__('%1 (nobody here finds outlines)', name);
}
