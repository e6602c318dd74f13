import { useSyncExternalStore } from 'react';
import type { Editor } from '../../engine/editor.js';
import type { EditorState } from '../../engine/editor-state.js';
import { paintFirst } from './paint-first.js';

/** Something of the editor's state that is the same object until it changes; the component follows it. */
export function useEditor<T>(editor: Editor, pick: (state: EditorState) => T): T {
  const read = () => pick(editor.state);
  const image = () => editor.state.imageId;
  const subscribe = paintFirst(editor, editor.subscribe, image, () => image() === undefined);
  return useSyncExternalStore(subscribe, read, read);
}
