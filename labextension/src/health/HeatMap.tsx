import { useRef, useState, type KeyboardEvent } from 'react';
import { nearest, type Cell } from './nearest.js';

/** How opaque the cell of a single one is among very many: it can still be seen. */
const LEAST = 0.3;

interface HeatMapProps {
  readonly title: string;
  /** `counts[row][column]`, the first row on top. */
  readonly counts: readonly (readonly number[])[];
  /** Of a cell, for its tooltip. */
  readonly name: (row: number, column: number, count: number) => string;
  readonly onShow: (row: number, column: number) => void;
  readonly below?: string;
}

/** Counts in two directions: the darker, the more. Cells with something in them are buttons to their images. */
export function HeatMap({ title, counts, name, onShow, below }: HeatMapProps) {
  const most = Math.max(1, ...counts.flat());
  const columns = counts[0]?.length ?? 0;
  const filled = counts.flatMap((row, y) => row.flatMap((count, x) => (count > 0 ? [{ x, y, count }] : [])));
  const { at, onKeyDown, map } = useArrows(filled, onShow);
  return (
    <figure className="jp-rf-Plot">
      <figcaption>{title}</figcaption>
      <svg
        ref={map}
        onKeyDown={onKeyDown}
        className="jp-rf-HeatMap"
        viewBox={`0 0 ${String(columns)} ${String(counts.length)}`}
        preserveAspectRatio="none"
        role="group"
        aria-label={title}
      >
        {filled.map(({ x, y, count }, place) => (
          <rect
            role="button"
            tabIndex={place === at ? 0 : -1}
            aria-label={name(y, x, count)}
            key={`${String(x)},${String(y)}`}
            x={x}
            y={y}
            width={1}
            height={1}
            fillOpacity={LEAST + ((1 - LEAST) * count) / most}
            onClick={() => {
              onShow(y, x);
            }}
          >
            <title>{name(y, x, count)}</title>
          </rect>
        ))}
      </svg>
      {below && <p className="jp-rf-Dim">{below}</p>}
    </figure>
  );
}

/** One cell is in the tab order; arrows lead to the nearest one with something in it, Enter shows its images. */
function useArrows(filled: readonly Cell[], onShow: (row: number, column: number) => void) {
  const map = useRef<SVGSVGElement>(null);
  const [chosen, setAt] = useState(0);
  const at = Math.min(chosen, filled.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = filled[at];
    const to = nearest(filled, at, event.key);
    if (cell && (event.key === 'Enter' || event.key === ' ')) onShow(cell.y, cell.x);
    else if (to === undefined) return;
    else {
      setAt(to);
      map.current?.querySelectorAll('rect')[to]?.focus();
    }
    event.preventDefault();
  };
  return { at, onKeyDown, map };
}
