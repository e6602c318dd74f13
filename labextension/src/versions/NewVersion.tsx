import { notebookIcon } from '@jupyterlab/ui-components';
import { useMemo, useState } from 'react';
import { ids } from '../command-ids.js';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { serverText } from '../server-texts/server-text.js';
import { useStore } from '../store.js';
import type { Making } from './making.js';
import { RecipeOptions } from './recipe/RecipeOptions.js';
import { RecipePreview } from './recipe/RecipePreview.js';
import { RecipeText } from './recipe/RecipeText.js';
import { StepList } from './recipe/StepList.js';
import { STAGES } from './recipe/recipe.js';
import { VersionOptions } from './VersionOptions.js';

interface NewVersionProps {
  readonly model: DatasetModel;
  readonly making: Making;
}

/** A version being made: its recipe on the left, what it makes of a few images on the right. */
export function NewVersion({ model, making }: NewVersionProps) {
  const { trans } = useHost();
  const labels = useStore(model.labels).value;
  const colors = useMemo(() => new Map(labels?.map(({ name, color }) => [name, color])), [labels]);
  const names = useMemo(() => [...colors.keys()], [colors]);
  const { builder } = making;
  const { refusal } = useStore(builder);
  return (
    <section className="jp-rf-Making" aria-label={trans.__('New version')}>
      <div className="jp-rf-Making-recipe jp-rf-Scroll" tabIndex={-1}>
        {STAGES.map((stage) => (
          <StepList key={stage} builder={builder} stage={stage} names={names} />
        ))}
        <RecipeOptions builder={builder} />
        <VersionOptions making={making} />
        <RecipeText builder={builder} />
      </div>
      <div
        className="jp-rf-Making-preview jp-rf-Scroll"
        tabIndex={0}
        role="region"
        aria-label={trans.__('Live preview')}
      >
        <RecipePreview builder={builder} colors={colors} />
      </div>
      <footer className="jp-rf-Making-foot">
        <Ends model={model} making={making} />
        <p role="alert" className={refusal ? 'jp-rf-JobError' : ''}>
          {refusal &&
            (refusal.stage === undefined
              ? serverText(trans, refusal.message)
              : trans.__('A step needs your attention.'))}
        </p>
      </footer>
    </section>
  );
}

function Ends({ model, making }: NewVersionProps) {
  const { trans, commands } = useHost();
  const { refusal } = useStore(making.builder);
  const [starting, setStarting] = useState(false);
  const generate = async () => {
    setStarting(true);
    const began = await making.start();
    setStarting(false);
    if (began) model.stopMaking();
  };
  return (
    <>
      <Button
        kind="accept"
        disabled={starting}
        refusal={refusal && trans.__('The recipe cannot be used as it is. %1', refusal.message)}
        onClick={() => void generate()}
      >
        {trans.__('Generate')}
      </Button>
      <Button
        onClick={() => {
          model.stopMaking();
        }}
      >
        {trans.__('Cancel')}
      </Button>
      <Button
        icon={notebookIcon}
        title={trans.__('A notebook with the cell that tries this recipe')}
        onClick={() => void commands.execute(ids.openInNotebook)}
      >
        {trans.__('Open in notebook')}
      </Button>
    </>
  );
}
