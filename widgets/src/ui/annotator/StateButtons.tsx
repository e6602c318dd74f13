import type { Editor } from '../../engine/editor.js';
import { IconButton, keyOf } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** Mark the image as empty (looked, nothing there) or as reviewed. */
export function StateButtons({ editor }: { editor: Editor }) {
  const keymap = useEditor(editor, (state) => state.keymap);
  const imageState = useEditor(editor, (state) => state.imageState);
  const readOnly = useEditor(editor, (state) => state.readOnly || state.imageId === undefined);
  const drawn = useEditor(editor, (state) => state.document.some(({ proposal }) => proposal === undefined));
  const reviewed = imageState === 'reviewed';
  return (
    <div className="rf-group" role="group" aria-label="State of the image">
      <IconButton
        icon="empty"
        name="Nothing on this image"
        keys={keyOf(keymap, 'mark-empty')}
        pressed={imageState === 'empty'}
        disabled={readOnly || drawn}
        onClick={() => editor.run('mark-empty')}
      />
      <IconButton
        icon="check"
        name="Reviewed"
        pressed={reviewed}
        disabled={readOnly}
        onClick={() => {
          editor.setImageState(reviewed ? (drawn ? 'labeled' : 'unlabeled') : 'reviewed');
        }}
      />
    </div>
  );
}
