import type { Editor } from '../../engine/editor.js';
import type { Pointing } from '../../engine/tools/tool.js';
import { useWords, type Words } from '../words.js';
import { Group, keepFocus, Push } from './IconButton.js';
import { useEditor } from './use-editor.js';

function modes(trans: Words): readonly (readonly [Pointing, string, string])[] {
  return [
    ['box', trans.__('Box'), trans.__('A box around an object finds its outline')],
    ['add', trans.__('Add'), trans.__('A stroke on what belongs to the object (or hold Shift)')],
    ['remove', trans.__('Remove'), trans.__('A stroke on what does not belong to it (or hold Alt)')],
  ];
}

/** How to point with the tools that find outlines, and whether an answer is waited for. */
export function AssistBar({ editor }: { editor: Editor }) {
  const trans = useWords();
  const tool = useEditor(editor, (state) => state.tool);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  if ((tool !== 'smart' && tool !== 'wire') || readOnly) return null;
  return (
    <Group className="rf-assist" name={trans.__('Outlines')}>
      {tool === 'smart' ? <Modes editor={editor} /> : null}
      <Saying editor={editor} smart={tool === 'smart'} />
    </Group>
  );
}

function Modes({ editor }: { editor: Editor }) {
  const trans = useWords();
  const pointing = useEditor(editor, (state) => state.view.pointing);
  return (
    <Group className="rf-modes" name={trans.__('What a drag means')}>
      {modes(trans).map(([mode, name, title]) => (
        <Push
          key={mode}
          className="rf-mode"
          title={title}
          aria-pressed={pointing === mode}
          onMouseDown={keepFocus}
          onClick={() => {
            editor.set({ view: { pointing: mode } });
          }}
        >
          {name}
        </Push>
      ))}
    </Group>
  );
}

/** Always there, so that screen readers hear when it changes. */
function Saying({ editor, smart }: { editor: Editor; smart: boolean }) {
  const trans = useWords();
  const finding = useEditor(editor, (state) => state.question?.kind === 'outline');
  const drawing = useEditor(editor, (state) => state.toolState.in !== 'idle');
  return (
    <span className="rf-saying" role="status" aria-label={trans.__('Outlines')} data-busy={finding}>
      {finding ? <span className="rf-spinner" aria-hidden="true" /> : null}
      {smart ? ofSmart(trans, finding) : ofWire(trans, drawing)}
    </span>
  );
}

function ofSmart(trans: Words, finding: boolean): string {
  return finding ? trans.__('Finding the outline… Esc stops') : trans.__('Shift-drag adds, Alt-drag removes');
}

function ofWire(trans: Words, drawing: boolean): string {
  return drawing ? trans.__('Enter closes, Alt-click is straight, Del takes back') : trans.__('Click along an edge');
}
