import { useState, type CSSProperties } from 'react';
import { useWords } from '../words.js';
import { ActionButton, Group } from './IconButton.js';
import type { Sitting } from './sitting.js';
import { useSitting } from './use-sitting.js';

/** Previous, next, jump to a number, and the name of the image. */
export function ImageBar({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const { editor } = sitting;
  const position = useSitting(sitting, (state) => state.position);
  const count = useSitting(sitting, (state) => state.count);
  const name = useSitting(sitting, (state) => state.name);
  const step = (by: number) => () => {
    sitting.show(position + by);
  };
  return (
    <Group className="rf-group rf-images" name={trans.__('Images')}>
      <ActionButton
        editor={editor}
        icon="previous"
        action="image-previous"
        disabled={position <= 0}
        onClick={step(-1)}
      />
      <Jump position={position} count={count} show={sitting.show} />
      <ActionButton
        editor={editor}
        icon="next"
        action="image-next"
        disabled={count !== undefined && position >= count - 1}
        onClick={step(1)}
      />
      <span className="rf-cut rf-name" title={name} dir="auto">
        {name}
      </span>
    </Group>
  );
}

interface JumpProps {
  readonly position: number;
  readonly count: number | undefined;
  readonly show: (position: number) => void;
}

/** The number of the image on show; another one typed in is shown on Enter. */
function Jump({ position, count, show }: JumpProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const trans = useWords();
  const total = count ?? 0;
  const go = () => {
    const wanted = Number(typed);
    if (typed !== undefined && Number.isInteger(wanted) && wanted >= 1 && wanted <= total) show(wanted - 1);
    setTyped(undefined);
  };
  return (
    <span className="rf-jump">
      <input
        className="rf-input"
        aria-label={trans.__('Image number, 1 to %1', total)}
        inputMode="numeric"
        style={{ '--rf-digits': Math.max(2, String(total).length) } as CSSProperties}
        value={typed ?? String(position + 1)}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onBlur={() => {
          setTyped(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go();
          if (event.key === 'Escape') setTyped(undefined);
        }}
      />
      <span className="rf-quiet">/ {total.toLocaleString('en-US')}</span>
    </span>
  );
}
