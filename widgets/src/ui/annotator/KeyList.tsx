import { ACTIONS, BINDINGS, displayChord, type ActionId, type Chord, type Keymap } from '../../engine/keys.js';
import { useWords } from '../words.js';
import { MAC, Push } from './IconButton.js';
import { asAtFirst, unbound, type Place } from './rebinding.js';

const GROUPS = [...new Set(ACTIONS.map((action) => BINDINGS[action].group))];
const ARROW = '-arrow';

interface Props {
  readonly keymap: Keymap;
  readonly base: Keymap;
  /** The key that is being changed. */
  readonly place: Place | undefined;
  readonly onChoose: (place: Place | undefined) => void;
  readonly onChange: (keymap: Keymap) => void;
}

/** Every action with its keys, by group. */
export function KeyList(props: Props) {
  const trans = useWords();
  return (
    <div className="rf-keys">
      {GROUPS.map((group) => (
        <section key={group}>
          <h5 className="rf-heading">{trans.__(group)}</h5>
          <dl>
            {ACTIONS.filter((action) => BINDINGS[action].group === group && !action.endsWith(ARROW)).map((action) => (
              <KeyRow key={action} action={action} {...props} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function KeyRow({ action, ...props }: Props & { readonly action: ActionId }) {
  const trans = useWords();
  const { keymap, base, place, onChange, onChoose } = props;
  const title = trans.__(BINDINGS[action].title);
  const own = actionsOf(action);
  const isOther = own.some((each) => keymap[each].join(' ') !== base[each].join(' '));
  const places = own.flatMap((each) => keymap[each].map((chord) => ({ action: each, chord })));
  const adding = place?.action === action && place.chord === undefined;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {isOther ? (
          <Push
            className="rf-link rf-reset"
            aria-label={trans.__('Reset the keys of %1', title)}
            onClick={() => {
              onChange(own.reduce((all, each) => asAtFirst(all, base, each), keymap));
            }}
          >
            {trans.__('reset')}
          </Push>
        ) : null}
        {places.map((each) => (
          <KeyButton key={each.action + each.chord} each={each} {...props} />
        ))}
        <Push
          className="rf-key rf-more"
          data-capturing={adding}
          data-none={places.length === 0}
          title={trans.__('One more key')}
          aria-label={trans.__('One more key for %1', title)}
          onClick={() => {
            onChoose(adding ? undefined : { action, chord: undefined });
          }}
        >
          {adding ? trans.__('press…') : places.length === 0 ? trans.__('none') : '+'}
        </Push>
      </dd>
    </div>
  );
}

function KeyButton({
  each,
  keymap,
  place,
  onChoose,
  onChange,
}: Props & { readonly each: Required<Place> & { chord: Chord } }) {
  const trans = useWords();
  const capturing = place?.action === each.action && place.chord === each.chord;
  const name = displayChord(each.chord, MAC);
  const title = trans.__(BINDINGS[each.action].title);
  return (
    <>
      <Push
        className="rf-key"
        data-capturing={capturing}
        aria-label={trans.__('%1: change this key of %2', name, title)}
        onClick={() => {
          onChoose(capturing ? undefined : each);
        }}
      >
        <kbd>{capturing ? trans.__('press…') : name}</kbd>
      </Push>
      {capturing ? (
        <Push
          className="rf-link"
          aria-label={trans.__('Remove %1 from %2', name, title)}
          onClick={() => {
            onChange(unbound(keymap, each));
          }}
        >
          {trans.__('remove')}
        </Push>
      ) : null}
    </>
  );
}

/** The actions of a row: arrows of images are another way to the same. */
function actionsOf(action: ActionId): readonly ActionId[] {
  const other = ACTIONS.find((candidate) => candidate === action + ARROW);
  return other ? [action, other] : [action];
}
