import { useWords, type Words } from '../words.js';
import { Push } from './IconButton.js';
import { ConflictSets } from './ConflictSets.js';
import type { Choice, Sitting } from './sitting.js';
import { useSitting } from './use-sitting.js';

function choices(trans: Words): readonly (readonly [Choice, string, string])[] {
  return [
    ['both', trans.__('Keep both'), trans.__('Every annotation of either')],
    ['mine', trans.__('Keep mine'), trans.__('Yours replace theirs')],
    ['theirs', trans.__('Take theirs'), trans.__('Theirs replace yours')],
  ];
}

/** Somebody else changed the same annotations: which are to stay. */
export function ConflictDialog({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const conflict = useSitting(sitting, (state) => state.conflict);
  if (conflict === undefined) return null;
  return (
    <div className="rf-overlay rf-conflict" role="alertdialog" aria-label={trans.__('Conflict')} aria-modal="true">
      <h4 className="rf-heading">{trans.__('Somebody else changed the same annotations')}</h4>
      <ConflictSets editor={sitting.editor} conflict={conflict} />
      <p>{trans.__('Nothing is lost until you choose.')}</p>
      <div className="rf-choices">
        {choices(trans).map(([choice, name, meaning]) => (
          <Push
            key={choice}
            className="rf-wide"
            title={meaning}
            onClick={() => {
              sitting.resolve(choice);
            }}
          >
            {name}
            <small>{meaning}</small>
          </Push>
        ))}
      </div>
    </div>
  );
}
