import { useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { TextField } from '../parts/TextField.js';
import { reasonOf } from '../rest.js';
import { readRecipe } from './recipe-text.js';

const EXAMPLE = `{
  "preprocess": [{ "step": "resize", "width": 640, "height": 640 }],
  "augment": ["flip", { "step": "rotate", "degrees": 10, "probability": 0.5 }],
  "multiplier": 3,
  "seed": 0
}`;

/** A recipe as JSON, a name and a note: what a version is made from. */
export function NewVersion({ model, close }: { readonly model: DatasetModel; readonly close: () => void }) {
  const { trans, api, jobs } = useHost();
  const [recipe, setRecipe] = useState(EXAMPLE);
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string>();
  const read = readRecipe(recipe);
  const wrong = 'problem' in read ? trans.__('This is not a JSON object. %1', read.problem) : problem;
  const start = async () => {
    if (!('recipe' in read)) return;
    try {
      await api.versions.create(model.id, {
        recipe: read.recipe,
        ...(name.trim() ? { name } : {}),
        ...(note.trim() ? { note } : {}),
      });
      jobs.hurry();
      close();
      model.show('jobs');
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <form
      className="jp-rf-Card jp-rf-Form"
      aria-label={trans.__('New version')}
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <TextField label={trans.__('Name')} value={name} onChange={setName} />
      <TextField label={trans.__('Note')} value={note} onChange={setNote} />
      <label>
        {trans.__('Recipe (JSON)')}
        <textarea
          className="jp-rf-Code"
          rows={7}
          spellCheck={false}
          value={recipe}
          onChange={(event) => {
            setRecipe(event.target.value);
          }}
        />
      </label>
      {wrong !== undefined && (
        <p className="jp-rf-JobError" role="alert">
          {wrong}
        </p>
      )}
      <div className="jp-rf-Row">
        <Button kind="accept" onClick={() => void start()} disabled={'problem' in read}>
          {trans.__('Generate')}
        </Button>
        <Button onClick={close}>{trans.__('Cancel')}</Button>
      </div>
    </form>
  );
}
