import type { Editor } from '../../engine/editor.js';
import { BINDINGS } from '../../engine/keys.js';
import { TOOLS, type ToolId } from '../../engine/tools/index.js';
import { useWords, type Words } from '../words.js';
import { ActionButton } from './IconButton.js';
import { useEditor } from './use-editor.js';

const SHOWN = Object.keys(TOOLS) as ToolId[];

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
      {SHOWN.map((id) => (
        <ActionButton
          key={id}
          editor={editor}
          icon={id}
          action={`tool-${id}`}
          {...nameOf(trans, id, assists)}
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

/** Another name than that of its key, where there is something to say about it. */
function nameOf(trans: Words, id: ToolId, assists: boolean): { name?: string } {
  if (assists || !ASKING.has(id)) return {};
  return { name: trans.__('%1 (nobody here finds outlines)', trans.__(BINDINGS[`tool-${id}`].title)) };
}
