import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { wordsIn } from '../parts/words.js';
import { useStore } from '../store.js';
import { SPLITS, STATES } from '../wire.js';
import { QueryHelp } from './QueryHelp.js';
import { parseQuery, valueIn, withTerm, type Key } from './query.js';

/** The query in words, and the same by menus: both are one text. */
export function FilterBar({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const words = wordsIn(trans);
  const labels = useStore(model.labels).value ?? [];
  const tags = useStore(model.tags).value ?? [];
  const sorts: readonly Choice[] = [
    ['id', trans.__('Oldest first')],
    ['-id', trans.__('Newest first')],
    ['filename', trans.__('Name, A–Z')],
    ['-filename', trans.__('Name, Z–A')],
    ['-objects', trans.__('Most objects')],
    ['objects', trans.__('Fewest objects')],
  ];
  const place = useStore(model.place);
  return (
    <div className="jp-rf-Filters" role="search">
      <QueryBox model={model} />
      <QueryHelp model={model} />
      <TermMenu
        model={model}
        term="label"
        all={trans.__('All labels')}
        name={trans.__('Label')}
        values={labels.map(({ name }) => [name, name])}
      />
      <TermMenu
        model={model}
        term="split"
        all={trans.__('All splits')}
        name={trans.__('Split')}
        values={([...SPLITS, 'none'] as const).map((split) => [split, words.splits[split]])}
      />
      <TermMenu
        model={model}
        term="state"
        all={trans.__('All states')}
        name={trans.__('State')}
        values={STATES.map((state) => [state, words.states[state]])}
      />
      {(tags.length > 0 || valueIn(place.query, 'tag') !== undefined) && (
        <TermMenu
          model={model}
          term="tag"
          all={trans.__('All tags')}
          name={trans.__('Tag')}
          values={tags.map(({ tag, images }) => [tag, `${tag} (${images.toLocaleString()})`])}
        />
      )}
      <Menu
        name={trans.__('Order')}
        value={place.sort}
        values={sorts}
        onChange={(sort) => {
          model.find(place.query, sort);
        }}
      />
    </div>
  );
}

function QueryBox({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const typed = useStore(model.typed);
  const { problems } = parseQuery(typed);
  const help = trans.__(
    'Words of the file name, or label: split: state: tag: objects: width: height: size: id: – with a minus in front to exclude',
  );
  return (
    <input
      type="search"
      className="jp-rf-Input jp-rf-Query"
      value={typed}
      placeholder={trans.__('Find images:  label:WBC split:train objects:>5 -tag:bad')}
      aria-label={trans.__('Find images')}
      title={help}
      aria-invalid={problems.length > 0}
      spellCheck={false}
      onChange={(event) => {
        model.type(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') model.find(typed);
      }}
    />
  );
}

type Choice = readonly [value: string, text: string];

interface TermMenuProps {
  readonly model: DatasetModel;
  readonly term: Key;
  readonly name: string;
  readonly all: string;
  readonly values: readonly Choice[];
}

function TermMenu({ model, term, name, all, values }: TermMenuProps) {
  const { query } = useStore(model.place);
  const value = valueIn(query, term) ?? '';
  const known = value === '' || values.some(([one]) => one === value);
  const choices: readonly Choice[] = [['', all], ...values, ...(known ? [] : [[value, value] as const])];
  return (
    <Menu
      name={name}
      value={value}
      values={choices}
      onChange={(chosen) => {
        model.find(withTerm(query, term, chosen === '' ? undefined : chosen));
      }}
    />
  );
}

interface MenuProps {
  readonly name: string;
  readonly value: string;
  readonly values: readonly Choice[];
  readonly onChange: (value: string) => void;
}

function Menu({ name, value, values, onChange }: MenuProps) {
  return (
    <select
      className="jp-rf-Select"
      aria-label={name}
      title={name}
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    >
      {values.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}
