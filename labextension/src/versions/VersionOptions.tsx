import type { TranslationBundle } from '@jupyterlab/translation';
import { useHost } from '../host.js';
import { TextField } from '../parts/TextField.js';
import { wordsIn } from '../parts/words.js';
import { useStore } from '../store.js';
import { SPLITS } from '../wire.js';
import { SPLITTINGS, type Making, type Wishes } from './making.js';

/** What is wished for besides the recipe: a name, splits, what to leave out. */
export function VersionOptions({ making }: { readonly making: Making }) {
  const { trans } = useHost();
  const wishes = useStore(making);
  const set = (wish: Partial<Wishes>) => {
    making.set({ ...making.get(), ...wish });
  };
  return (
    <section aria-label={trans.__('Version')} className="jp-rf-Form">
      <h4>{trans.__('Version')}</h4>
      <TextField
        label={trans.__('Name')}
        value={wishes.name}
        onChange={(name) => {
          set({ name });
        }}
      />
      <TextField
        label={trans.__('Note')}
        value={wishes.note}
        onChange={(note) => {
          set({ note });
        }}
      />
      <label>
        {trans.__('Splits')}
        <select
          className="jp-rf-Select"
          value={wishes.splits}
          onChange={({ target }) => {
            set({ splits: target.value });
          }}
        >
          {SPLITTINGS.map((splits) => (
            <option key={splits} value={splits}>
              {splits === 'kept' ? trans.__('as they are; without one: train') : sharesText(splits, trans)}
            </option>
          ))}
        </select>
      </label>
      <Check
        text={trans.__('With images nobody has looked at yet')}
        checked={wishes.includeUnlabeled}
        onChange={(includeUnlabeled) => {
          set({ includeUnlabeled });
        }}
      />
      <Check
        text={trans.__('Leave out images that cannot be read')}
        checked={wishes.skipBroken}
        onChange={(skipBroken) => {
          set({ skipBroken });
        }}
      />
    </section>
  );
}

/** `70 20 10` for people. */
function sharesText(splits: string, trans: TranslationBundle): string {
  const words = wordsIn(trans).splits;
  const names = SPLITS.map((split) => words[split]);
  return splits
    .split(' ')
    .flatMap((share, place) => (share === '0' ? [] : trans.__('%1 %% %2', share, names[place] ?? '')))
    .join(', ');
}

interface CheckProps {
  readonly text: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ text, checked, onChange }: CheckProps) {
  return (
    <label className="jp-rf-Check">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => {
          onChange(target.checked);
        }}
      />
      {text}
    </label>
  );
}
