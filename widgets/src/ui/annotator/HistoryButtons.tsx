import type { Editor } from '../../engine/editor.js';
import { IconButton, keyOf } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** Undo and redo, each saying what it would do. */
export function HistoryButtons({ editor }: { editor: Editor }) {
  const keymap = useEditor(editor, (state) => state.keymap);
  const undone = useEditor(editor, (state) => state.history.past.at(-1)?.name);
  const redone = useEditor(editor, (state) => state.history.future.at(-1)?.name);
  return (
    <div className="rf-group" role="group" aria-label="History">
      <IconButton
        icon="undo"
        name={undone === undefined ? 'Undo' : `Undo: ${undone}`}
        keys={keyOf(keymap, 'undo')}
        disabled={undone === undefined}
        onClick={() => editor.run('undo')}
      />
      <IconButton
        icon="redo"
        name={redone === undefined ? 'Redo' : `Redo: ${redone}`}
        keys={keyOf(keymap, 'redo')}
        disabled={redone === undefined}
        onClick={() => editor.run('redo')}
      />
    </div>
  );
}
