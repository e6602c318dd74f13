import type { Editor } from '../../engine/editor.js';
import { useWords } from '../words.js';
import { ActionButton, Group, IconButton } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** Mark the image as empty (looked, nothing there) or as reviewed. */
export function StateButtons({ editor }: { editor: Editor }) {
  const trans = useWords();
  const imageState = useEditor(editor, (state) => state.imageState);
  const readOnly = useEditor(editor, (state) => state.readOnly || state.imageId === undefined);
  const drawn = useEditor(editor, (state) => state.document.some(({ proposal }) => proposal === undefined));
  const reviewed = imageState === 'reviewed';
  return (
    <Group name={trans.__('State of the image')}>
      <ActionButton
        editor={editor}
        icon="empty"
        action="mark-empty"
        pressed={imageState === 'empty'}
        disabled={readOnly || drawn}
      />
      <IconButton
        icon="check"
        name={trans.__('Reviewed')}
        pressed={reviewed}
        disabled={readOnly}
        onClick={() => {
          editor.setImageState(reviewed ? (drawn ? 'labeled' : 'unlabeled') : 'reviewed');
        }}
      />
    </Group>
  );
}
