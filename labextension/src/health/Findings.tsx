import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import type { Finding, Health, Json } from '../wire.js';

/** What looks odd, each with a way to the first images it is on. */
export function Findings({ health, model }: { readonly health: Health; readonly model: DatasetModel }) {
  const { trans } = useHost();
  const { near_duplicates: twins } = health;
  const findings: readonly (readonly [string, Finding])[] = [
    [trans.__('Tiny boxes'), health.tiny_boxes],
    [trans.__('Boxes that cover nearly everything'), health.huge_boxes],
    [trans.__('Boxes drawn twice'), health.duplicate_boxes],
    [trans.__('Boxes outside of their image'), health.boxes_outside],
  ];
  return (
    <section aria-label={trans.__('Checks')}>
      <h3>{trans.__('Checks')}</h3>
      <ul className="jp-rf-Findings">
        {findings.map(([name, { count, examples }]) => (
          <Row key={name} name={name} count={count} ids={examples.map(({ image_id }) => image_id)} model={model} />
        ))}
        <Row
          name={trans.__('Images that look alike, in different splits')}
          count={twins.across_splits}
          ids={idsOf(twins.examples)}
          model={model}
        />
        <Row
          name={trans.__('Images that look alike, in one split')}
          count={twins.within_split}
          ids={[]} // the examples are all of pairs in different splits
          model={model}
        />
      </ul>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly count: number;
  readonly ids: readonly number[];
  readonly model: DatasetModel;
}

function Row({ name, count, ids, model }: RowProps) {
  const { trans } = useHost();
  const found = [...new Set(ids)];
  return (
    <li className={count > 0 ? 'jp-rf-mod-found' : ''}>
      <span className="jp-rf-Finding-count">{count === 0 ? '✓' : count.toLocaleString()}</span>
      <span>{name}</span>
      {count > 0 && found.length > 0 && (
        <Button
          kind="quiet"
          onClick={() => {
            model.showImagesOf(found);
          }}
        >
          {trans._n('Show %1 image', 'Show %1 images', found.length)}
        </Button>
      )}
    </li>
  );
}

/** Every number that names an image in examples of pairs. */
function idsOf(examples: readonly Json[]): number[] {
  return examples.flatMap((example) =>
    Object.entries(example).flatMap(([name, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return name.includes('id') ? values.filter((one) => typeof one === 'number') : [];
    }),
  );
}
