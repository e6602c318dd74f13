import { useMemo, useState } from 'react';
import type { Editor } from '../../engine/editor.js';
import type { Label } from '../../engine/editor-state.js';
import { useWords } from '../words.js';
import { IconButton, keepFocus } from './IconButton.js';
import type { Sitting } from './sitting.js';
import { useEditor } from './use-editor.js';
import { useSitting } from './use-sitting.js';

/** With more labels than this there is a field to search them. */
const MANY = 9;

/** The labels: choose one to draw with, hide one, add one. */
export function LabelsPanel({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const { editor } = sitting;
  const labels = useEditor(editor, (state) => state.labels);
  const addsLabels = useSitting(sitting, (state) => state.addsLabels);
  const counts = useCounts(editor);
  const [search, setSearch] = useState('');
  const [title, find] = [trans.__('Labels'), trans.__('Search labels')];
  const wanted = search.trim().toLowerCase();
  const shown = labels
    .map((label, place) => ({ label, place }))
    .filter(({ label }) => label.name.toLowerCase().includes(wanted));
  return (
    <section className="rf-panel rf-labels" aria-label={title}>
      <h4 className="rf-heading">{title}</h4>
      {labels.length > MANY ? (
        <input
          className="rf-input rf-search"
          type="search"
          placeholder={find}
          aria-label={find}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
        />
      ) : null}
      <ul className="rf-list" aria-label={title}>
        {shown.map(({ label, place }) => (
          <LabelRow key={label.name} editor={editor} label={label} place={place} count={counts.get(label.name) ?? 0} />
        ))}
      </ul>
      {labels.length === 0 ? <p className="rf-hint">{trans.__('Add a label to begin to draw.')}</p> : null}
      {addsLabels ? <AddLabel sitting={sitting} first={labels.length === 0} /> : null}
    </section>
  );
}

function useCounts(editor: Editor): ReadonlyMap<string, number> {
  const document = useEditor(editor, (state) => state.document);
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const { label } of document) counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts;
  }, [document]);
}

interface RowProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly place: number;
  readonly count: number;
}

function LabelRow({ editor, label: { name, color }, place, count }: RowProps) {
  const trans = useWords();
  const chosen = useEditor(editor, (state) => state.label === name);
  const hidden = useEditor(editor, (state) => state.view.hiddenLabels.has(name));
  const toggle = () => {
    const hiddenLabels = new Set(editor.state.view.hiddenLabels);
    if (!hiddenLabels.delete(name)) hiddenLabels.add(name);
    editor.set({ view: { hiddenLabels } });
  };
  return (
    <li className="rf-row" data-chosen={chosen} data-faint={hidden} data-flagged={hidden}>
      <button
        type="button"
        className="rf-choose"
        title={name}
        aria-pressed={chosen}
        aria-label={trans.__('Label %1, %2 on this image', name, count)}
        onMouseDown={keepFocus}
        onClick={() => {
          editor.setLabel(name);
        }}
      >
        <span className="rf-swatch" style={{ backgroundColor: color }} aria-hidden="true" />
        <kbd className="rf-digit">{place < 9 ? place + 1 : ''}</kbd>
        <bdi className="rf-cut">{name}</bdi>
        <span className="rf-count">{count}</span>
      </button>
      <span className="rf-flags">
        <IconButton
          icon={hidden ? 'hidden' : 'shown'}
          name={hidden ? trans.__('Show %1', name) : trans.__('Hide %1', name)}
          className="rf-small"
          pressed={hidden}
          onClick={toggle}
        />
      </span>
    </li>
  );
}

function AddLabel({ sitting, first }: { sitting: Sitting; first: boolean }) {
  const trans = useWords();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const add = async () => {
    if (name.trim() === '') return;
    try {
      await sitting.addLabel(name.trim());
      setName('');
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="rf-add"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        className="rf-input"
        data-first={first}
        placeholder={first ? trans.__('Name of the first label') : trans.__('Add a label')}
        aria-label={trans.__('Name of the new label')}
        dir="auto"
        maxLength={255}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <button
        type="submit"
        className="rf-button"
        aria-label={trans.__('Add the label')}
        title={trans.__('Add the label')}
      >
        +
      </button>
      <p className="rf-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
