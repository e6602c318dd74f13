import type { Bar } from './bins.js';

interface BarPlotProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Show the images behind a bar. */
  readonly onShow: (query: string) => void;
  readonly showTitle: (name: string) => string;
}

/** Bars side by side with names and numbers: each with a query is a button to its images. */
export function BarPlot({ title, bars, onShow, showTitle }: BarPlotProps) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure className="jp-rf-Plot">
      <figcaption>{title}</figcaption>
      <ul className="jp-rf-Bars">
        {bars.map((bar) => (
          <li key={bar.name}>
            <Row bar={bar} most={most} onShow={onShow} title={showTitle(bar.name)} />
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface RowProps {
  readonly bar: Bar;
  readonly most: number;
  readonly onShow: (query: string) => void;
  readonly title: string;
}

function Row({ bar, most, onShow, title }: RowProps) {
  const { name, count, color, query } = bar;
  const inside = (
    <>
      <bdi className="jp-rf-Bar-name">{name}</bdi>
      <svg className="jp-rf-Bar-line" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect
          width={count > 0 ? Math.max(1, (100 * count) / most) : 0}
          height={10}
          style={color ? { fill: color } : undefined}
        />
      </svg>
      <span className="jp-rf-Bar-count">{count.toLocaleString()}</span>
    </>
  );
  if (query === undefined || count === 0) return <div className="jp-rf-Bar">{inside}</div>;
  return (
    <button
      type="button"
      className="jp-rf-Bar"
      title={title}
      onClick={() => {
        onShow(query);
      }}
    >
      {inside}
    </button>
  );
}
