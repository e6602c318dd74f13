import { caretDownIcon, caretUpIcon, deleteIcon } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { PickMenu } from '../parts/PickMenu.js';
import { refusalOf } from '../parts/rights.js';
import { doing } from '../parts/say.js';
import { sure } from '../parts/sure.js';
import { useStore } from '../store.js';
import type { Label } from '../wire.js';
import { movedTo } from './order.js';

interface EditorProps {
  readonly model: DatasetModel;
  readonly labels: readonly Label[];
}

/** The labels in their order: drag, rename, recolour, merge, delete, add. */
export function LabelsEditor({ model, labels }: EditorProps) {
  const { trans, api, changes } = useHost();
  const [dragged, setDragged] = useState<number>();
  const refusal = refusalOf('manage', useStore(model.dataset).value?.role, trans);
  const change = async (work: () => Promise<unknown>) => {
    await doing(trans, work, trans.__('The labels were not changed.'));
    changes.tell(model.id);
  };
  const move = (from: number, before: number) =>
    void change(() =>
      api.labels.order(
        model.id,
        movedTo(labels, from, before).map(({ name }) => name),
      ),
    );
  return (
    <>
      {labels.length === 0 && (
        <p className="jp-rf-Dim">{trans.__('No label yet. Name what is to be found in the images, such as “cell”.')}</p>
      )}
      <ul className="jp-rf-Labels">
        {labels.map((label, index) => (
          <li
            key={label.id}
            draggable={refusal === undefined}
            onDragStart={() => {
              setDragged(index);
            }}
            onDragOver={(event) => {
              if (dragged !== undefined) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              event.stopPropagation();
              if (dragged !== undefined) move(dragged, index > dragged ? index + 1 : index);
              setDragged(undefined);
            }}
          >
            <Row {...{ model, labels, label, index, refusal, change, move }} />
          </li>
        ))}
      </ul>
      <NewLabel add={(name) => change(() => api.labels.add(model.id, name))} refusal={refusal} />
    </>
  );
}

interface RowProps extends EditorProps {
  readonly label: Label;
  readonly index: number;
  readonly refusal: string | undefined;
  readonly change: (work: () => Promise<unknown>) => Promise<void>;
  readonly move: (from: number, before: number) => void;
}

function Row({ model, labels, label, index, refusal, change, move }: RowProps) {
  const { trans } = useHost();
  const { name } = label;
  return (
    <>
      <span className="jp-rf-Grip" aria-hidden="true">
        ⠿
      </span>
      <Fields {...{ model, label, refusal, change }} />
      <span className="jp-rf-Dim" title={trans.__('Its number in exports; it never changes')}>
        {label.index}
      </span>
      <Button
        kind="quiet"
        icon={caretUpIcon}
        title={trans.__('Move %1 up', name)}
        refusal={refusal}
        disabled={index === 0}
        onClick={() => {
          move(index, index - 1);
        }}
      />
      <Button
        kind="quiet"
        icon={caretDownIcon}
        title={trans.__('Move %1 down', name)}
        refusal={refusal}
        disabled={index === labels.length - 1}
        onClick={() => {
          move(index, index + 2);
        }}
      />
      <Ends {...{ model, labels, label, refusal, change }} />
    </>
  );
}

/** Colour and name; changed when one leaves them, so that typing is not many changes. */
function Fields({ model, label, refusal, change }: Omit<RowProps, 'labels' | 'index' | 'move'>) {
  const { trans, api } = useHost();
  const { name, color } = label;
  const edit = (to: { name?: string; color?: string }) => void change(() => api.labels.edit(model.id, name, to));
  return (
    <>
      <input
        type="color"
        key={`color ${color}`}
        defaultValue={color}
        aria-label={trans.__('Colour of %1', name)}
        disabled={refusal !== undefined}
        onBlur={({ target }) => {
          if (target.value !== color) edit({ color: target.value });
        }}
      />
      <input
        className="jp-rf-Input"
        key={`name ${name}`}
        defaultValue={name}
        aria-label={trans.__('Name of the label %1', name)}
        disabled={refusal !== undefined}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
        onBlur={({ target }) => {
          if (target.value.trim() !== name) edit({ name: target.value });
        }}
      />
    </>
  );
}

/** The two ways in which a label ends. */
function Ends({ model, labels, label, refusal, change }: Omit<RowProps, 'index' | 'move'>) {
  const { trans, api } = useHost();
  const { name } = label;
  const remove = async () => {
    const title = trans.__('Delete the label “%1”?', name);
    if (await sure(title, trans.__('A label in use is not deleted: merge it into another one.'), trans.__('Delete'))) {
      await change(() => api.labels.delete(model.id, name));
    }
  };
  const merge = async (target: string) => {
    const told = trans.__('All annotations of “%1” become “%2”, and “%1” is deleted. No undo.', name, target);
    if (await sure(trans.__('Merge “%1” into “%2”?', name, target), told, trans.__('Merge'))) {
      await change(() => api.labels.merge(model.id, name, target));
    }
  };
  const others = labels.filter((other) => other.id !== label.id).map((other) => [other.name, other.name] as const);
  return (
    <>
      <PickMenu
        title={trans.__('Merge %1 into…', name)}
        shown={trans.__('Merge into…')}
        values={others}
        onPick={(target) => void merge(target)}
        refusal={refusal}
      />
      <Button
        kind="quiet"
        icon={deleteIcon}
        title={trans.__('Delete %1', name)}
        refusal={refusal}
        onClick={() => void remove()}
      />
    </>
  );
}

function NewLabel({
  add,
  refusal,
}: {
  readonly add: (name: string) => Promise<void>;
  readonly refusal: string | undefined;
}) {
  const { trans } = useHost();
  const [name, setName] = useState('');
  const submit = async () => {
    if (name.trim() === '') return;
    await add(name);
    setName('');
  };
  return (
    <form
      className="jp-rf-Row"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input
        className="jp-rf-Input"
        value={name}
        placeholder={trans.__('New label')}
        aria-label={trans.__('New label')}
        disabled={refusal !== undefined}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <Button onClick={() => void submit()} refusal={refusal}>
        {trans.__('Add')}
      </Button>
    </form>
  );
}
