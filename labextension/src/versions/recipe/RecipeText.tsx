import { useState } from 'react';
import { useHost } from '../../host.js';
import { useStore } from '../../store.js';
import { readRecipe } from '../recipe-text.js';
import type { RecipeBuilder } from './builder.js';
import { fromWire, toWire } from './recipe.js';

/** The recipe as JSON, to copy it from elsewhere or to elsewhere: what is typed is the recipe at once. */
export function RecipeText({ builder }: { readonly builder: RecipeBuilder }) {
  const { trans } = useHost();
  const { recipe } = useStore(builder);
  const [typed, setTyped] = useState<string>();
  const read = typed === undefined ? undefined : readRecipe(typed);
  const problem = read && 'problem' in read ? read.problem : undefined;
  return (
    <details>
      <summary>{trans.__('As JSON')}</summary>
      <textarea
        className="jp-rf-Code"
        aria-label={trans.__('Recipe (JSON)')}
        rows={10}
        spellCheck={false}
        value={typed ?? JSON.stringify(toWire(recipe), null, 2)}
        aria-invalid={problem !== undefined}
        onChange={({ target }) => {
          setTyped(target.value);
          const now = readRecipe(target.value);
          if ('recipe' in now) builder.change(fromWire(now.recipe, builder.catalogue));
        }}
        onBlur={() => {
          if (problem === undefined) setTyped(undefined);
        }}
      />
      {problem !== undefined && (
        <p className="jp-rf-JobError" role="alert">
          {trans.__('This is not a JSON object. %1', problem)}
        </p>
      )}
    </details>
  );
}
