import { memo, type MouseEvent } from 'react';
import { useHost } from '../host.js';
import { wordsIn, type Words } from '../parts/words.js';
import type { ImageInfo } from '../wire.js';

interface CellProps {
  readonly id: string;
  /** Undefined until it is loaded. */
  readonly image: ImageInfo | undefined;
  readonly index: number;
  readonly total: number;
  /** Of the picture, in CSS pixels. */
  readonly height: number;
  readonly selected: boolean;
  /** Has the keyboard. */
  readonly active: boolean;
  /** About to be deleted. */
  readonly doomed: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly onOpen: (id: number) => void;
}

/** One image of the grid. */
export const ImageCell = memo(Cell, (one, other) =>
  (['image', 'index', 'total', 'height', 'selected', 'active', 'doomed', 'id'] as const).every(
    (name) => one[name] === other[name],
  ),
);

function Cell({ id, image, index, total, height, selected, active, doomed, onClick, onOpen }: CellProps) {
  const { trans } = useHost();
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={image ? description(image, wordsIn(trans)) : trans.__('Loading…')}
      className={`jp-rf-Cell${selected ? ' jp-mod-selected' : ''}${active ? ' jp-mod-active' : ''}${doomed ? ' jp-rf-mod-doomed' : ''}`}
      data-image-id={image?.id}
      title={image ? `${image.filename}\n${String(image.width)} × ${String(image.height)}` : undefined}
      onClick={onClick}
      onDoubleClick={() => {
        if (image) onOpen(image.id);
      }}
    >
      <div className="jp-rf-Cell-picture" style={{ height }}>
        {image && <Thumbnail image={image} />}
        <span className="jp-rf-Cell-check" aria-hidden="true" />
      </div>
      <div className="jp-rf-Cell-name">
        <bdi>{image?.filename}</bdi>
      </div>
      <div className="jp-rf-Cell-facts">{image && <Facts image={image} />}</div>
    </div>
  );
}

function Thumbnail({ image }: { readonly image: ImageInfo }) {
  const { api } = useHost();
  return (
    <img
      key={image.id}
      src={api.images.thumbnail(image.id)}
      alt=""
      draggable={false}
      decoding="async"
      onError={(event) => {
        event.currentTarget.classList.add('jp-mod-broken');
      }}
    />
  );
}

function Facts({ image }: { readonly image: ImageInfo }) {
  const { states, splits } = wordsIn(useHost().trans);
  return (
    <>
      <span className={`jp-rf-State jp-rf-mod-${image.state}`}>{states[image.state]}</span>
      {image.split && <span className="jp-rf-Chip">{splits[image.split]}</span>}
      {image.tags.map((tag) => (
        <span key={tag} className="jp-rf-Chip jp-rf-mod-tag">
          {tag}
        </span>
      ))}
    </>
  );
}

function description({ filename, state, split, tags }: ImageInfo, { states, splits }: Words): string {
  return [filename, states[state], split && splits[split], ...tags].filter(Boolean).join(', ');
}
