import type { Annotation } from '../../engine/annotation.js';
import type { Document } from '../../engine/document.js';
import type { Editor } from '../../engine/editor.js';
import type { Conflict } from '../../engine/saver.js';
import { NOWHERE, overlap, unite } from '../../engine/shapes/geometry/rings.js';
import { boundsOf, pathOf } from '../../engine/shapes/index.js';
import type { Bounds, Size, Subpath } from '../../engine/shapes/shape.js';
import { annotations, useWords } from '../words.js';
import { useEditor } from './use-editor.js';

/** Both sets of a conflict side by side, the same part of the image: what clashes stands out, the rest is faint. */
export function ConflictSets({ editor, conflict }: { editor: Editor; conflict: Conflict }) {
  const trans = useWords();
  const { ids, mine, theirs } = conflict;
  const image = useEditor(editor, (state) => state.image);
  const labels = useEditor(editor, (state) => state.labels);
  const colors = new Map(labels.map(({ name, color }) => [name, color]));
  const clashing = new Set(ids);
  const view = viewOf(
    [...mine, ...theirs].filter(({ id }) => clashing.has(id)),
    image,
  );
  const side = (name: string, set: Document) => (
    <Side key={name} name={name} set={set} clashing={clashing} view={view} colors={colors} />
  );
  return (
    <div className="rf-sides">
      {side(trans.__('Yours'), mine)}
      {side(trans.__('Theirs'), theirs)}
    </div>
  );
}

interface SideProps {
  readonly name: string;
  readonly set: Document;
  readonly clashing: ReadonlySet<string>;
  readonly view: Bounds;
  readonly colors: ReadonlyMap<string, string>;
}

function Side({ name, set, clashing, view, colors }: SideProps) {
  const trans = useWords();
  const { x0, y0, x1, y1 } = view;
  const seen = set.filter(({ shape }) => overlap(boundsOf(shape), view));
  const said = `${name}: ${annotations(trans, set.length)}`;
  const labels = [...new Set(seen.filter(({ id }) => clashing.has(id)).map(({ label }) => label))];
  return (
    <figure className="rf-side">
      <svg viewBox={[x0, y0, x1 - x0, y1 - y0].join(' ')} role="img" aria-label={said}>
        {seen.map((annotation) => (
          <path
            key={annotation.id}
            d={pathOf(annotation.shape).map(lineTo).join('')}
            stroke={colors.get(annotation.label) ?? '#808080'}
            data-clashing={clashing.has(annotation.id)}
          />
        ))}
      </svg>
      <figcaption>
        {said}
        <bdi className="rf-cut rf-quiet">{labels.length > 0 ? labels.join(', ') : trans.__('deleted')}</bdi>
      </figcaption>
    </figure>
  );
}

/** What clashes with some room around it, in the proportions of the image, in pixels. */
function viewOf(clashing: readonly Annotation[], image: Size): Bounds {
  const all = clashing.reduce((bounds, { shape }) => unite(bounds, boundsOf(shape)), NOWHERE);
  const [across, down] = [Math.max(0, all.x1 - all.x0) / image.width, Math.max(0, all.y1 - all.y0) / image.height];
  const part = Math.min(1, Math.max(0.1, 1.6 * Math.max(across, down)));
  if (!Number.isFinite(part)) return { x0: 0, y0: 0, x1: image.width, y1: image.height };
  const [width, height] = [image.width * part, image.height * part];
  const [x0, y0] = [(all.x0 + all.x1 - width) / 2, (all.y0 + all.y1 - height) / 2];
  return { x0, y0, x1: x0 + width, y1: y0 + height };
}

/** A single location becomes a dot: a line of no length with round ends. */
function lineTo({ points, closed }: Subpath): string {
  const pairs = Array.from({ length: points.length / 2 }, (_, i) => points.slice(2 * i, 2 * i + 2).join(' '));
  return `M${pairs.join('L')}${closed || pairs.length === 1 ? 'Z' : ''}`;
}
