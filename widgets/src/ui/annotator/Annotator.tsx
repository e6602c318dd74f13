import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Editor } from '../../engine/editor.js';
import { DEFAULT_KEYMAP, withKeys, type Keymap } from '../../engine/keys.js';
import { ENGLISH, WordsContext, type Words } from '../words.js';
import { AnnotationsPanel } from './AnnotationsPanel.js';
import { ConflictDialog } from './ConflictDialog.js';
import { HelpOverlay } from './HelpOverlay.js';
import { ownKeys } from './own-keys.js';
import { HistoryButtons } from './HistoryButtons.js';
import { ActionButton, IconButton } from './IconButton.js';
import { ImageBar } from './ImageBar.js';
import { LabelsPanel } from './LabelsPanel.js';
import { SelectionPanel } from './SelectionPanel.js';
import type { Sitting } from './sitting.js';
import { Stage } from './Stage.js';
import { StateButtons } from './StateButtons.js';
import { StatusLine } from './StatusLine.js';
import { ToolBar } from './ToolBar.js';
import { useSitting } from './use-sitting.js';
import { ViewMenu } from './ViewMenu.js';

interface Props {
  readonly sitting: Sitting;
  /** Who translates what it says; without one it speaks English. */
  readonly trans?: Words;
}

/** The whole annotator. */
export function Annotator({ sitting, trans = ENGLISH }: Props) {
  return (
    <WordsContext.Provider value={trans}>
      <Whole sitting={sitting} trans={trans} />
    </WordsContext.Provider>
  );
}

/** Images above, tools to the left, labels and annotations to the right, what is saved below. */
function Whole({ sitting, trans }: Required<Props>) {
  const { editor } = sitting;
  const canvas = useRef<HTMLDivElement>(null);
  const title = useSitting(sitting, (state) => state.title);
  const [help, setHelp] = useState(false);
  const [aside, setAside] = useState(true);
  useHelpKey(sitting, setHelp);
  const base = useKeys(sitting);
  return (
    <div
      className="rf-annotator"
      role="region"
      aria-label={trans.__('Annotator: %1', title)}
      data-lm-suppress-shortcuts="true"
      data-aside={aside}
      onKeyDown={(event) => {
        passOn(event, editor, canvas);
      }}
    >
      <div className="rf-bar">
        <ImageBar sitting={sitting} />
        <HistoryButtons editor={editor} />
        <StateButtons editor={editor} />
        <div className="rf-group">
          <ViewMenu editor={editor} />
          <HelpButton editor={editor} open={help} set={setHelp} />
          <IconButton
            icon="panel"
            name={trans.__('Labels and annotations')}
            pressed={aside}
            onClick={() => {
              setAside(!aside);
            }}
          />
        </div>
      </div>
      <div className="rf-body">
        <ToolBar editor={editor} />
        <Stage sitting={sitting} host={canvas} />
        <aside className="rf-aside" hidden={!aside}>
          <LabelsPanel sitting={sitting} />
          <SelectionPanel editor={editor} />
          <AnnotationsPanel editor={editor} />
        </aside>
      </div>
      <StatusLine sitting={sitting} />
      <ConflictDialog sitting={sitting} />
      {help ? (
        <HelpOverlay
          editor={editor}
          base={base}
          onClose={() => {
            setHelp(false);
            canvas.current?.focus();
          }}
        />
      ) : null}
    </div>
  );
}

function HelpButton({ editor, open, set }: { editor: Editor; open: boolean; set: (open: boolean) => void }) {
  const toggle = () => {
    set(!open);
  };
  return <ActionButton editor={editor} icon="help" action="help" pressed={open} onClick={toggle} />;
}

/** The keys of this annotator: those of the host, and over them what the person changed. The answer is the former. */
function useKeys({ editor, keys }: Sitting): Keymap {
  const base = useMemo(() => withKeys(DEFAULT_KEYMAP, keys ?? {}), [keys]);
  useEffect(() => {
    editor.set({ keymap: withKeys(base, ownKeys()) });
  }, [editor, base]);
  return base;
}

function useHelpKey(sitting: Sitting, setHelp: (open: boolean) => void): void {
  useEffect(
    () =>
      sitting.editor.onAsk((ask) => {
        if (ask === 'help') setHelp(true);
      }),
    [sitting, setHelp],
  );
}

const TYPED_INTO = /^(INPUT|TEXTAREA|SELECT)$/;
/** Keys that move about on a page, wherever the focus is. */
const OF_THE_PAGE = /^(Tab|Enter| |Escape|Arrow.*|Home|End|Page.*)$/;

/** Keys pressed in a panel mean what they mean on the canvas, unless they are typed into something. */
function passOn(event: KeyboardEvent, editor: Editor, canvas: RefObject<HTMLDivElement>): void {
  const target = event.target as HTMLElement;
  // A notebook around would take Enter in a field for its own.
  event.stopPropagation();
  if (event.defaultPrevented || canvas.current?.contains(target)) {
    // Escape with nothing left to step out of leaves the canvas: the keyboard is never caught in it.
    if (event.key === 'Escape' && !event.defaultPrevented) nextTo(target);
    return;
  }
  if (TYPED_INTO.test(target.tagName) || OF_THE_PAGE.test(event.key)) return;
  const { key, code, repeat, shiftKey: shift, altKey: alt } = event;
  const mod = event.ctrlKey || event.metaKey;
  if (editor.dispatch({ type: 'key', key, code, repeat, shift, alt, mod })) event.preventDefault();
}

function nextTo(target: HTMLElement): void {
  const first = target.closest('.rf-body')?.querySelector<HTMLElement>('.rf-tools button');
  first?.focus();
}
