import { useHost } from '../../host.js';
import { PickMenu } from '../../parts/PickMenu.js';
import { serverText } from '../../server-texts/server-text.js';
import { useStore } from '../../store.js';
import type { Stage } from '../../wire.js';
import type { RecipeBuilder } from './builder.js';
import { add, change, move, remove } from './recipe.js';
import { StepCard } from './StepCard.js';

interface StepListProps {
  readonly builder: RecipeBuilder;
  readonly stage: Stage;
  readonly names: readonly string[];
}

/** The steps of one group, in the order in which they act, and a menu to add another. */
export function StepList({ builder, stage, names }: StepListProps) {
  const { trans } = useHost();
  const { recipe, refusal } = useStore(builder);
  const { catalogue } = builder;
  const texts = {
    preprocess: [trans.__('Preprocessing'), trans.__('on every image'), trans.__('Add preprocessing…')],
    augment: [trans.__('Augmentation'), trans.__('on copies of training images'), trans.__('Add augmentation…')],
  } as const;
  const [title, where, adding] = texts[stage];
  const offered = [...catalogue.values()].filter((about) => about.stage === stage);
  return (
    <section aria-label={title}>
      <div className="jp-rf-Step-head">
        <h4>
          {title} <span className="jp-rf-Dim">{where}</span>
        </h4>
        <PickMenu
          title={adding}
          shown={trans.__('Add step…')}
          values={offered.map((about) => [about.name, serverText(trans, about.title)] as const)}
          onPick={(name) => {
            const about = catalogue.get(name);
            if (about) builder.change(add(recipe, about));
          }}
        />
      </div>
      <ol className="jp-rf-Steps">
        {recipe[stage].map((step, index) => (
          <StepCard
            key={step.key}
            step={step}
            stage={stage}
            about={catalogue.get(step.step)}
            names={names}
            isFirst={index === 0}
            isLast={index === recipe[stage].length - 1}
            refusal={refusal?.stage === stage && refusal.index === index ? refusal : undefined}
            onChange={(to) => {
              builder.change(change(recipe, stage, step.key, to));
            }}
            onMove={(by) => {
              builder.change(move(recipe, stage, step.key, by));
            }}
            onRemove={() => {
              builder.change(remove(recipe, stage, step.key));
            }}
          />
        ))}
      </ol>
      {recipe[stage].length === 0 && <p className="jp-rf-Dim jp-rf-Step-none">{trans.__('No step.')}</p>}
    </section>
  );
}
