import type { Editor } from '../../engine/editor.js';
import { told, useWords } from '../words.js';
import { ActionButton, Group } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** Undo and redo, each saying what it would do. */
export function HistoryButtons({ editor }: { editor: Editor }) {
  const trans = useWords();
  const undone = useEditor(editor, (state) => state.history.past.at(-1)?.name);
  const redone = useEditor(editor, (state) => state.history.future.at(-1)?.name);
  return (
    <Group name={trans.__('History')}>
      <ActionButton
        editor={editor}
        icon="undo"
        action="undo"
        name={undone === undefined ? trans.__('Undo') : trans.__('Undo: %1', told(trans, undone))}
        disabled={undone === undefined}
      />
      <ActionButton
        editor={editor}
        icon="redo"
        action="redo"
        name={redone === undefined ? trans.__('Redo') : trans.__('Redo: %1', told(trans, redone))}
        disabled={redone === undefined}
      />
    </Group>
  );
}
