import { useEffect, useRef, useState } from 'react';
import type { Annotation } from '../../engine/annotation.js';
import { setFlags } from '../../engine/document.js';
import type { Editor } from '../../engine/editor.js';
import { SHAPES } from '../../engine/shapes/index.js';
import { useWords } from '../words.js';
import { IconButton, keepFocus } from './IconButton.js';
import { useEditor } from './use-editor.js';
import { rowsInView } from './rows-in-view.js';

/** CSS pixels; the style sheet has the same. */
const ROW = 26;

/** Every annotation, the topmost first; only the rows in view are in the page. */
export function AnnotationsPanel({ editor }: { editor: Editor }) {
  const trans = useWords();
  const title = trans.__('Annotations');
  const document = useEditor(editor, (state) => state.document);
  const selection = useEditor(editor, (state) => state.selection);
  const [view, setView] = useState({ top: 0, height: 400 });
  const list = useRef<HTMLDivElement>(null);
  const first = selection[0];
  const place = first === undefined ? -1 : document.findIndex(({ id }) => id === first);
  useEffect(() => {
    if (place >= 0 && list.current) reveal(list.current, (document.length - 1 - place) * ROW);
  }, [place, document.length]);
  const { from, to } = rowsInView(document.length, ROW, view.top, view.height);
  const measure = (element: HTMLElement) => {
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  const rows = document.slice(Math.max(0, document.length - to), document.length - from).reverse();
  return (
    <section className="rf-panel rf-annotations" aria-label={title}>
      <h4 className="rf-heading">
        {title} <span className="rf-count">{document.length.toLocaleString('en-US')}</span>
      </h4>
      <div
        className="rf-scroll"
        ref={list}
        onScroll={(event) => {
          measure(event.currentTarget);
        }}
      >
        <ul className="rf-rows" aria-label={title} style={{ height: document.length * ROW }}>
          {rows.map((annotation, i) => (
            <AnnotationRow
              key={annotation.id}
              editor={editor}
              annotation={annotation}
              selected={selection.includes(annotation.id)}
              top={(from + i) * ROW}
              number={document.length - from - i}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}

function reveal(list: HTMLElement, top: number): void {
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
}

interface RowProps {
  readonly editor: Editor;
  readonly annotation: Annotation;
  readonly selected: boolean;
  readonly top: number;
  readonly number: number;
}

function AnnotationRow({ editor, annotation, selected, top, number }: RowProps) {
  const { id, label, shape, hidden, locked, proposal } = annotation;
  const color = useEditor(editor, (state) => state.labels.find(({ name }) => name === label)?.color ?? '#808080');
  const trans = useWords();
  const kind = trans.__(SHAPES[shape.kind].title);
  const choose = (more: boolean) => {
    const { selection } = editor.state;
    const rest = selection.filter((other) => other !== id);
    editor.select(more ? (rest.length < selection.length ? rest : [...selection, id]) : [id]);
  };
  return (
    <li className="rf-row" data-chosen={selected} data-faint={hidden} data-flagged={hidden || locked} style={{ top }}>
      <button
        type="button"
        className="rf-choose"
        title={`${label} – ${kind}`}
        aria-pressed={selected}
        aria-label={`${label}, ${kind} ${String(number)}`}
        onMouseDown={keepFocus}
        onClick={(event) => {
          choose(event.shiftKey || event.ctrlKey || event.metaKey);
        }}
      >
        <span
          className="rf-swatch"
          data-proposed={proposal !== undefined}
          style={{ backgroundColor: proposal ? 'transparent' : color, borderColor: color }}
          aria-hidden="true"
        />
        <bdi className="rf-cut">{label}</bdi>
        <span className="rf-count">{proposal ? `${String(Math.round(100 * proposal.score))} %` : kind}</span>
      </button>
      <Flags editor={editor} annotation={annotation} />
    </li>
  );
}

function Flags({ editor, annotation: { id, hidden, locked } }: { editor: Editor; annotation: Annotation }) {
  const trans = useWords();
  const [hiding, locking] = [hidden ? 'Show' : 'Hide', locked ? 'Unlock' : 'Lock'];
  const flag = (name: string, flags: { hidden?: boolean; locked?: boolean }) => () => {
    editor.edit({ name, edit: (document) => setFlags(document, [id], flags) });
  };
  return (
    <span className="rf-flags">
      <IconButton
        icon={hidden ? 'hidden' : 'shown'}
        name={trans.__(hiding)}
        className="rf-small"
        pressed={hidden}
        onClick={flag(hiding, { hidden: !hidden })}
      />
      <IconButton
        icon={locked ? 'locked' : 'unlocked'}
        name={trans.__(locking)}
        className="rf-small"
        pressed={locked}
        onClick={flag(locking, { locked: !locked })}
      />
    </span>
  );
}
