import { annotationFromWire, boundsOf, SHAPES, type WireAnnotation } from '@jupyter-roboflow/widgets/engine';
import { memo, useMemo } from 'react';
import { useHost } from '../../host.js';
import { Trouble } from '../../parts/Waiting.js';
import { serverText } from '../../server-texts/server-text.js';
import { useStore } from '../../store.js';
import type { PreviewItem, PreviewPicture, PreviewShape } from '../../wire.js';
import type { RecipeBuilder } from './builder.js';
import { placeText } from './parameter-text.js';
import type { Catalogue } from './recipe.js';

interface PreviewProps {
  readonly builder: RecipeBuilder;
  readonly colors: ReadonlyMap<string, string>;
}

/** A few images beside what the recipe makes of them, with what is drawn on them. */
export function RecipePreview({ builder, colors }: PreviewProps) {
  const { trans } = useHost();
  const { items, busy, trouble, refusal } = useStore(builder);
  if (trouble !== undefined && items.length === 0) return <Trouble error={trouble} retry={builder.look} />;
  if (items.length === 0 && !busy)
    return refusal ? null : <p className="jp-rf-Message">{trans.__('There is no image to try the recipe on.')}</p>;
  return (
    <>
      {trouble !== undefined && <Trouble error={trouble} retry={builder.look} />}
      <ul
        className={`jp-rf-Preview${refusal ? ' jp-rf-mod-stale' : ''}`}
        aria-busy={busy}
        aria-label={trans.__('Preview')}
      >
        {items.length === 0 && [0, 1].map((row) => <li key={row} className="jp-rf-Preview-wait" aria-hidden="true" />)}
        {items.map((item) => (
          <Row key={item.image_id} item={item} colors={colors} catalogue={builder.catalogue} />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  readonly item: PreviewItem;
  readonly colors: ReadonlyMap<string, string>;
  readonly catalogue: Catalogue;
}

const Row = memo(function Row({ item, ...shared }: RowProps) {
  const { trans } = useHost();
  const { original, pictures, problem, filename, more } = item;
  const name = (picture: PreviewPicture) =>
    picture.copy_number === 0 ? trans.__('after preprocessing') : trans.__('copy %1', picture.copy_number);
  return (
    <li>
      <div className="jp-rf-Preview-name">
        <bdi>{filename}</bdi>
      </div>
      <div className="jp-rf-Preview-row">
        {original && <Picture picture={original} name={trans.__('original')} {...shared} />}
        {pictures.map((picture, index) => (
          <Picture
            key={index}
            picture={picture}
            name={[name(picture), picture.piece].filter(Boolean).join(', ')}
            {...shared}
          />
        ))}
      </div>
      {problem && <p className="jp-rf-JobError">{serverText(trans, problem)}</p>}
      {!problem && pictures.length === 0 && (
        <p className="jp-rf-Dim">{trans.__('The recipe leaves this image out.')}</p>
      )}
      {more > 0 && <p className="jp-rf-Dim">{trans.__('and %1 more', more.toLocaleString())}</p>}
    </li>
  );
});

interface PictureProps extends Omit<RowProps, 'item'> {
  readonly picture: PreviewPicture;
  readonly name: string;
}

function Picture({ picture, name, colors, catalogue }: PictureProps) {
  const { trans } = useHost();
  const { data, media_type, width, height, shapes, dropped } = picture;
  const gone = dropped
    .map(({ why, step }) => `${placeText(step, catalogue, trans)}: ${serverText(trans, why)}`)
    .join('\n');
  return (
    <figure className="jp-rf-Picture">
      <div style={{ aspectRatio: `${String(width)} / ${String(height)}` }}>
        <img src={`data:${media_type};base64,${data}`} alt="" draggable={false} />
        <svg viewBox={`0 0 ${String(width)} ${String(height)}`} preserveAspectRatio="none" aria-hidden="true">
          {shapes.map((shape, index) => (
            <Outline key={index} shape={shape} color={colors.get(shape.label)} />
          ))}
        </svg>
      </div>
      <figcaption title={gone}>
        {name} · {trans._n('%1 shape', '%1 shapes', shapes.length)}
        {dropped.length > 0 && ` · ${trans.__('%1 gone', dropped.length)}`}
      </figcaption>
    </figure>
  );
}

/** A dark line below a coloured one, so that it is seen on any picture. */
function Outline({ shape, color }: { readonly shape: PreviewShape; readonly color: string | undefined }) {
  const d = useMemo(() => pathOf(shape), [shape]);
  const stroke = color ?? 'var(--jp-brand-color1)';
  return (
    <g style={{ color: stroke }}>
      <title>{shape.label}</title>
      <path d={d} className="jp-rf-Outline-shade" />
      <path d={d} className="jp-rf-Outline-line" />
    </g>
  );
}

/** The outline of a shape as an SVG path; of a point a small diamond. */
export function pathOf({ label, shape_type, geometry }: PreviewShape): string {
  const wire = { id: '', label, shape_type, geometry, attributes: {} } as unknown as WireAnnotation;
  const { shape } = annotationFromWire(wire);
  if (shape.kind === 'point') {
    const { x0: x, y0: y } = boundsOf(shape);
    return `M${String(x - 4)},${String(y)}l4,-4 4,4 -4,4z`;
  }
  const paths = SHAPES[shape.kind].path(shape as never); // each kind is handed its own
  return paths
    .map(({ points, closed }) => `M${points.map((value) => value.toFixed(1)).join(' ')}${closed ? 'z' : ''}`)
    .join('');
}
