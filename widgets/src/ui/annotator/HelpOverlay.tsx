import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Editor } from '../../engine/editor.js';
import {
  BINDINGS,
  chordOf,
  differences,
  displayChord,
  type ActionId,
  type Chord,
  type Keymap,
} from '../../engine/keys.js';
import { useWords } from '../words.js';
import { IconButton, MAC, Push } from './IconButton.js';
import { KeyList } from './KeyList.js';
import { keepKeys } from './own-keys.js';
import { rebound, type Place, type Rebinding } from './rebinding.js';
import { useEditor } from './use-editor.js';

interface Props {
  readonly editor: Editor;
  /** The keys as they are without what the person changed. */
  readonly base: Keymap;
  readonly onClose: () => void;
}

interface Question {
  readonly chord: Chord;
  readonly place: Place;
  readonly answer: Exclude<Rebinding, { kind: 'done' }>;
}

/** Every key as it is bound now; a click on one and another key press change it. */
export function HelpOverlay({ editor, base, onClose }: Props) {
  const trans = useWords();
  const keys = useRebinding(editor, base);
  const { keymap, place, question, take, begin } = keys;
  const dialog = useRef<HTMLDivElement>(null);
  useEffect(() => {
    dialog.current?.focus();
  }, [place]);
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    const isOfPage = question !== undefined && event.key === 'Tab';
    if (place !== undefined && !isOfPage) capture(event, place, keys.change, begin);
    else if (event.key === 'Escape' || event.key === '?') onClose();
  };
  return (
    <div
      className="rf-overlay"
      role="dialog"
      aria-label={trans.__('Keys')}
      aria-modal="true"
      tabIndex={-1}
      ref={dialog}
      onKeyDown={press}
    >
      <div className="rf-overlay-head">
        <h4 className="rf-heading">{trans.__('Keys')}</h4>
        <Said question={question} capturing={place !== undefined} onUse={take} onLeave={begin} />
        {Object.keys(differences(keymap, base)).length > 0 ? (
          <Push
            className="rf-link"
            onClick={() => {
              take(base);
            }}
          >
            {trans.__('Reset all')}
          </Push>
        ) : null}
        <IconButton icon="close" name={trans.__('Close')} onClick={onClose} />
      </div>
      <KeyList keymap={keymap} base={base} place={place} onChoose={begin} onChange={take} />
    </div>
  );
}

/** The key that is being changed, and what stands in its way. */
function useRebinding(editor: Editor, base: Keymap) {
  const keymap = useEditor(editor, (state) => state.keymap);
  const [place, setPlace] = useState<Place>();
  const [question, setQuestion] = useState<Question>();
  const begin = (where: Place | undefined) => {
    setQuestion(undefined);
    setPlace(where);
  };
  const take = (next: Keymap) => {
    editor.set({ keymap: next });
    keepKeys(next, base);
    begin(undefined);
  };
  const change = (where: Place, chord: Chord) => {
    const answer = rebound(keymap, where, chord);
    if (answer.kind === 'done') take(answer.keymap);
    else setQuestion({ chord, place: where, answer });
  };
  return { keymap, place, question, begin, take, change };
}

const MODIFIERS = /^(Shift|Control|Alt|Meta|AltGraph|CapsLock|Dead|Process|Unidentified)$/;

/** The key that is pressed instead; Escape leaves it as it is. */
function capture(
  event: KeyboardEvent,
  place: Place,
  change: (place: Place, chord: Chord) => void,
  leave: (place: undefined) => void,
): void {
  const { key, code, shiftKey: shift, altKey: alt } = event;
  if (MODIFIERS.test(key)) return;
  const onButton = (event.target as HTMLElement).tagName === 'BUTTON' && (key === 'Enter' || key === ' ');
  if (onButton) return;
  event.preventDefault();
  if (key === 'Escape') leave(undefined);
  else change(place, chordOf({ type: 'key', key, code, shift, alt, mod: event.ctrlKey || event.metaKey }));
}

interface SaidProps {
  readonly question: Question | undefined;
  readonly capturing: boolean;
  readonly onUse: (keymap: Keymap) => void;
  readonly onLeave: (place: undefined) => void;
}

/** What to do, or what stands in the way. */
function Said({ question, capturing, onUse, onLeave }: SaidProps) {
  const trans = useWords();
  if (question === undefined) {
    return (
      <p className="rf-said" role="status">
        {capturing ? trans.__('Press the new key. Esc leaves it as it is.') : trans.__('Click a key to change it.')}
      </p>
    );
  }
  const { chord, place, answer } = question;
  const name = displayChord(chord, MAC);
  if (answer.kind === 'reserved') {
    return (
      <p className="rf-said" role="alert">
        {trans.__('%1 belongs to the browser or to Jupyter: press another one.', name)}
      </p>
    );
  }
  const titleOf = (action: ActionId) => trans.__(BINDINGS[action].title);
  return (
    <p className="rf-said" role="alert">
      {trans.__('%1 is for “%2”.', name, answer.by.map(titleOf).join(', '))}
      <Push
        className="rf-wide"
        onClick={() => {
          onUse(answer.keymap);
        }}
      >
        {trans.__('Use it for “%1”', titleOf(place.action))}
      </Push>
      <Push
        className="rf-wide"
        onClick={() => {
          onLeave(undefined);
        }}
      >
        {trans.__('Leave it')}
      </Push>
    </p>
  );
}
