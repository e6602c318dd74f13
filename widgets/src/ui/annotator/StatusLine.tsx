import type { Editor } from '../../engine/editor.js';
import { counted } from '../../engine/summary.js';
import { IconButton, keyOf } from './IconButton.js';
import type { Saving, Sitting } from './sitting.js';
import { useEditor } from './use-editor.js';
import { useSitting } from './use-sitting.js';

const SAYS: Readonly<Record<Saving, string>> = {
  saved: 'Saved',
  saving: 'Saving…',
  unsaved: 'Not saved',
  offline: 'Offline: kept in this browser',
  conflict: 'Conflict',
};

/** What is saved, what the image is, how far it is zoomed: always there, at the same places. */
export function StatusLine({ sitting }: { sitting: Sitting }) {
  const { editor } = sitting;
  const imageState = useEditor(editor, (state) => state.imageState);
  const drawn = useEditor(editor, (state) => state.document.length);
  const selected = useEditor(editor, (state) => state.selection.length);
  const notice = useEditor(editor, (state) => state.notice);
  return (
    <div className="rf-status">
      <SavingMark sitting={sitting} />
      <span className="rf-state" data-state={imageState}>
        {imageState}
      </span>
      <span className="rf-quiet rf-cut">
        {counted(drawn, 'annotation')}
        {selected > 0 ? `, ${String(selected)} selected` : ''}
      </span>
      <span className="rf-notice rf-cut" role="status" title={notice}>
        {notice}
      </span>
      <Zoom editor={editor} />
    </div>
  );
}

function SavingMark({ sitting }: { sitting: Sitting }) {
  const saving = useSitting(sitting, (state) => state.saving);
  const trouble = useSitting(sitting, (state) => state.trouble);
  const waits = saving === 'unsaved' || saving === 'offline';
  return (
    <span className="rf-saving" data-saving={saving} title={trouble ?? SAYS[saving]}>
      <span className="rf-dot" aria-hidden="true" />
      <span role="status" aria-label="Saving">
        {SAYS[saving]}
      </span>
      {waits ? (
        <button type="button" className="rf-link" onClick={sitting.retry}>
          Save now
        </button>
      ) : null}
    </span>
  );
}

function Zoom({ editor }: { editor: Editor }) {
  const percent = useEditor(editor, (state) => Math.round(state.camera.zoom * 100));
  const keymap = useEditor(editor, (state) => state.keymap);
  return (
    <div className="rf-group rf-zoom" role="group" aria-label="Zoom">
      <IconButton
        icon="minus"
        name="Zoom out"
        keys={keyOf(keymap, 'zoom-out')}
        onClick={() => editor.run('zoom-out')}
      />
      <output aria-label="Zoom">{percent.toLocaleString('en-US')} %</output>
      <IconButton icon="plus" name="Zoom in" keys={keyOf(keymap, 'zoom-in')} onClick={() => editor.run('zoom-in')} />
      <IconButton
        icon="fit"
        name="Whole image"
        keys={keyOf(keymap, 'zoom-fit')}
        onClick={() => editor.run('zoom-fit')}
      />
    </div>
  );
}
