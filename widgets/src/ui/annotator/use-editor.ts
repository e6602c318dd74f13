import { useSyncExternalStore } from 'react';
import type { Editor } from '../../engine/editor.js';
import type { EditorState } from '../../engine/editor-state.js';

/** Something of the editor's state that is the same object until it changes; the component follows it. */
export function useEditor<T>(editor: Editor, pick: (state: EditorState) => T): T {
  const read = () => pick(editor.state);
  return useSyncExternalStore(editor.subscribe, read, read);
}
