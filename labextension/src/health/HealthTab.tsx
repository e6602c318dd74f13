import { useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { NoImagesYet } from '../images/NoImagesYet.js';
import { termText } from '../images/query.js';
import { wordsIn } from '../parts/words.js';
import { Waiting } from '../parts/Waiting.js';
import { serverText } from '../server-texts/server-text.js';
import type { Health, Spread } from '../wire.js';
import { BarPlot } from './BarPlot.js';
import { barsOf, binText, cellQuery, placeQuery, type Bar } from './bins.js';
import { Findings } from './Findings.js';
import { HeatMap } from './HeatMap.js';

/** What is in the dataset and what deserves a look; every bar leads to its images. */
export function HealthTab({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  return (
    <div className="jp-rf-Scroll jp-rf-Health" tabIndex={0} role="region" aria-label={trans.__('Health')}>
      <Waiting for={model.health}>{(health) => <Report health={health} model={model} />}</Waiting>
    </div>
  );
}

interface PartProps {
  readonly health: Health;
  readonly model: DatasetModel;
}

function Report({ health, model }: PartProps) {
  const { trans } = useHost();
  if (health.images === 0)
    return (
      <NoImagesYet model={model}>{trans.__('There is nothing to look at: the dataset has no image yet.')}</NoImagesYet>
    );
  return (
    <>
      <Numbers health={health} />
      {health.warnings.length > 0 && (
        <section className="jp-rf-Warnings" aria-label={trans.__('Worth a look')}>
          <h3>{trans.__('Worth a look')}</h3>
          <ul>
            {health.warnings.map((warning) => (
              <li key={warning}>{serverText(trans, warning)}</li>
            ))}
          </ul>
        </section>
      )}
      <Plots health={health} model={model} />
      <Findings health={health} model={model} />
    </>
  );
}

function Numbers({ health }: { readonly health: Health }) {
  const { trans } = useHost();
  const spread = ({ min, median, max }: Spread) =>
    min === max
      ? median.toLocaleString()
      : `${min.toLocaleString()} – ${median.toLocaleString()} – ${max.toLocaleString()}`;
  const numbers: readonly (readonly [string, string])[] = [
    [trans.__('Images'), health.images.toLocaleString()],
    [trans.__('Annotations'), health.annotations.toLocaleString()],
    [trans.__('Labels'), health.labels.length.toLocaleString()],
    [trans.__('Objects per image'), spread(health.objects)],
    [trans.__('Width, px'), spread(health.width)],
    [trans.__('Height, px'), spread(health.height)],
  ];
  return (
    <dl className="jp-rf-Numbers">
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Plots({ health, model }: PartProps) {
  const { trans } = useHost();
  const show = {
    onShow: (query: string) => {
      model.showImages(query);
    },
    showTitle: (name: string) => trans.__('Show the images: %1', name),
  };
  const labels = health.labels.map(({ name, color, annotations }): Bar => ({
    name,
    color,
    count: annotations,
    query: termText({ key: 'label', value: name, negated: false }),
  }));
  const { splits, states } = wordsIn(trans);
  const counted = (
    key: 'split' | 'state',
    counts: Readonly<Record<string, number>>,
    words: Readonly<Record<string, string>>,
  ) =>
    Object.entries(counts).map(([name, count]): Bar => ({
      name: words[name] ?? name,
      count,
      query: `${key}:${name}`,
    }));
  return (
    <div className="jp-rf-Plots">
      <BarPlot title={trans.__('Annotations by label')} bars={labels} {...show} />
      <BarPlot title={trans.__('Images by split')} bars={counted('split', health.images_by_split, splits)} {...show} />
      <BarPlot title={trans.__('Images by state')} bars={counted('state', health.images_by_state, states)} {...show} />
      <BarPlot title={trans.__('Annotations per image')} bars={barsOf(health.objects_per_image, 'objects')} {...show} />
      <BarPlot title={trans.__('Size of boxes, px')} bars={barsOf(health.box_sizes, 'box')} {...show} />
      <Sizes health={health} model={model} />
      <Places health={health} model={model} />
    </div>
  );
}

function Sizes({ health: { sizes }, model }: PartProps) {
  const { trans } = useHost();
  const upward = { ...sizes, counts: [...sizes.counts].reverse() };
  const real = (row: number) => sizes.counts.length - 1 - row;
  if (sizes.counts.length === 1 && sizes.counts[0]?.length === 1) return null; // one size: it is among the numbers
  return (
    <HeatMap
      title={trans.__('Sizes of images')}
      counts={upward.counts}
      below={trans.__('Width to the right, height upwards')}
      name={(row, column, count) =>
        trans.__('%1 × %2 px: %3 images', binText(sizes.x_edges, column), binText(sizes.y_edges, real(row)), count)
      }
      onShow={(row, column) => {
        const query = cellQuery(sizes, real(row), column);
        if (query) model.showImages(query);
      }}
    />
  );
}

/** Where the boxes of one label lie in the pictures. */
function Places({ health: { labels }, model }: PartProps) {
  const { trans } = useHost();
  const drawn = labels.filter(({ heat_map }) => heat_map.length > 0);
  const [chosen, choose] = useState('');
  const label = drawn.find(({ name }) => name === chosen) ?? drawn[0];
  if (label === undefined) return null;
  return (
    <div>
      <HeatMap
        title={trans.__('Where “%1” lies', label.name)}
        counts={label.heat_map}
        name={(_row, _column, count) => trans._n('%1 box', '%1 boxes', count)}
        onShow={(row, column) => {
          model.showImages(placeQuery(label.name, row, column));
        }}
      />
      <select
        className="jp-rf-Select"
        aria-label={trans.__('Label of the heat map')}
        value={label.name}
        onChange={(event) => {
          choose(event.target.value);
        }}
      >
        {drawn.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}
