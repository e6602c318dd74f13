import { useMemo } from 'react';
import type { Editor } from '../../engine/editor.js';
import { useWords } from '../words.js';
import { Group, keyOf, Push } from './IconButton.js';
import { useEditor } from './use-editor.js';

/** What is proposed on this image: how much of it is shown, and taking all that is shown at once. */
export function ProposalsBar({ editor }: { editor: Editor }) {
  const trans = useWords();
  const document = useEditor(editor, (state) => state.document);
  const threshold = useEditor(editor, (state) => state.view.threshold);
  const keymap = useEditor(editor, (state) => state.keymap);
  const scores = useMemo(() => document.flatMap(({ proposal }) => (proposal ? [proposal.score] : [])), [document]);
  if (scores.length === 0) return null;
  const above = scores.filter((score) => score >= threshold).length;
  return (
    <Group className="rf-proposals" name={trans.__('Proposals')}>
      <span>{trans.__('%1 of %2 proposed', above, scores.length)}</span>
      <label className="rf-slider">
        <span>{trans.__('from')}</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={threshold}
          aria-label={trans.__('Least score')}
          onChange={(event) => {
            editor.set({ view: { threshold: Number(event.target.value) } });
          }}
        />
        <output>{Math.round(threshold * 100)} %</output>
      </label>
      <Push
        className="rf-wide"
        disabled={above === 0}
        onClick={() => {
          editor.acceptAbove(threshold);
        }}
      >
        {trans.__('Accept %1', above)}
      </Push>
      <span className="rf-quiet">
        <kbd>{keyOf(keymap, 'accept')}</kbd> {trans.__('accept')} <kbd>{keyOf(keymap, 'reject')}</kbd>{' '}
        {trans.__('reject')}
      </span>
    </Group>
  );
}
