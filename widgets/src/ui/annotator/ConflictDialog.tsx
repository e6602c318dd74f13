import { ConflictSets } from './ConflictSets.js';
import type { Choice, Sitting } from './sitting.js';
import { useSitting } from './use-sitting.js';

const CHOICES: readonly (readonly [Choice, string, string])[] = [
  ['both', 'Keep both', 'Every annotation of either'],
  ['mine', 'Keep mine', 'Yours replace theirs'],
  ['theirs', 'Take theirs', 'Theirs replace yours'],
];

/** Somebody else changed the same annotations: which are to stay. */
export function ConflictDialog({ sitting }: { sitting: Sitting }) {
  const conflict = useSitting(sitting, (state) => state.conflict);
  if (conflict === undefined) return null;
  return (
    <div className="rf-overlay rf-conflict" role="alertdialog" aria-label="Conflict" aria-modal="true">
      <h4 className="rf-heading">Somebody else changed the same annotations</h4>
      <ConflictSets editor={sitting.editor} conflict={conflict} />
      <p>Nothing is lost until you choose.</p>
      <div className="rf-choices">
        {CHOICES.map(([choice, name, meaning]) => (
          <button
            key={choice}
            type="button"
            className="rf-wide"
            title={meaning}
            onClick={() => {
              sitting.resolve(choice);
            }}
          >
            {name}
            <small>{meaning}</small>
          </button>
        ))}
      </div>
    </div>
  );
}
