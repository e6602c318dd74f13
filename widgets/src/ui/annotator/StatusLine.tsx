import type { Editor } from '../../engine/editor.js';
import { annotations, selected, told, useWords, type Words } from '../words.js';
import { ActionButton, Group, Push } from './IconButton.js';
import type { Saving, Sitting } from './sitting.js';
import { useEditor } from './use-editor.js';
import { useSitting } from './use-sitting.js';

function says(trans: Words): Readonly<Record<Saving, string>> {
  return {
    saved: trans.__('Saved'),
    saving: trans.__('Saving…'),
    unsaved: trans.__('Not saved'),
    offline: trans.__('Offline: kept in this browser'),
    conflict: trans.__('Conflict'),
  };
}

/** What is saved, what the image is, how far it is zoomed: always there, at the same places. */
export function StatusLine({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const { editor } = sitting;
  const imageState = useEditor(editor, (state) => state.imageState);
  const drawn = useEditor(editor, (state) => state.document.length);
  const chosen = useEditor(editor, (state) => state.selection.length);
  const said = useEditor(editor, (state) => state.notice);
  const notice = said && told(trans, said);
  return (
    <div className="rf-status">
      <SavingMark sitting={sitting} />
      <span className="rf-state" data-state={imageState}>
        {trans.__(imageState)}
      </span>
      <span className="rf-quiet rf-cut">
        {annotations(trans, drawn)}
        {chosen > 0 ? `, ${selected(trans, chosen)}` : ''}
      </span>
      <span className="rf-notice rf-cut" role="status" title={notice}>
        {notice}
      </span>
      <Zoom editor={editor} />
    </div>
  );
}

function SavingMark({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const saving = useSitting(sitting, (state) => state.saving);
  const trouble = useSitting(sitting, (state) => state.trouble);
  const state = says(trans)[saving];
  const waits = saving === 'unsaved' || saving === 'offline';
  return (
    <span className="rf-saving" data-saving={saving} title={trouble === undefined ? state : told(trans, trouble)}>
      <span className="rf-dot" aria-hidden="true" />
      <span role="status" aria-label={trans.__('Saving')}>
        {state}
      </span>
      {waits ? (
        <Push className="rf-link" onClick={sitting.retry}>
          {trans.__('Save now')}
        </Push>
      ) : null}
    </span>
  );
}

function Zoom({ editor }: { editor: Editor }) {
  const percent = useEditor(editor, (state) => Math.round(state.camera.zoom * 100));
  const trans = useWords();
  return (
    <Group className="rf-group rf-zoom" name={trans.__('Zoom')}>
      <ActionButton editor={editor} icon="minus" action="zoom-out" />
      <output aria-label={trans.__('Zoom')}>{percent.toLocaleString('en-US')} %</output>
      <ActionButton editor={editor} icon="plus" action="zoom-in" />
      <ActionButton editor={editor} icon="fit" action="zoom-fit" />
    </Group>
  );
}
