import { useMemo, useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { doing } from '../parts/say.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded, useStore } from '../store.js';

const ROLES = ['viewer', 'annotator', 'admin'] as const;

/** Who else works on the dataset, and as what. */
export function Collaborators({ model }: { readonly model: DatasetModel }) {
  const { trans, api } = useHost();
  const dataset = useStore(model.dataset).value;
  const refusal = refusalOf('own', dataset?.role, trans);
  const people = useMemo(() => new Loaded(async () => (await api.collaborators.list(model.id)).items), [api, model]);
  const [name, setName] = useState('');
  const change = async (work: () => Promise<unknown>) => {
    await doing(work, trans.__('The role was not changed.'));
    await people.reload();
  };
  const role = (username: string, value: string) => (
    <select
      className="jp-rf-Select"
      aria-label={trans.__('Role of %1', username)}
      title={refusal}
      disabled={refusal !== undefined}
      value={value}
      onChange={(event) => void change(() => api.collaborators.set(model.id, username, event.target.value))}
    >
      {ROLES.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
  return (
    <Waiting for={people}>
      {(items) => (
        <>
          <ul className="jp-rf-People">
            <li>
              <bdi>{dataset?.owner}</bdi>
              <span className="jp-rf-Badge">{trans.__('owner')}</span>
            </li>
            {items.map(({ username, role: current }) => (
              <li key={username}>
                <bdi>{username}</bdi>
                {role(username, current)}
                <Button
                  kind="quiet"
                  refusal={refusal}
                  onClick={() => void change(() => api.collaborators.remove(model.id, username))}
                >
                  {trans.__('Remove')}
                </Button>
              </li>
            ))}
          </ul>
          <div className="jp-rf-Row">
            <input
              className="jp-rf-Input"
              value={name}
              placeholder={trans.__('User name')}
              aria-label={trans.__('User name')}
              onChange={(event) => {
                setName(event.target.value);
              }}
            />
            <Button
              refusal={refusal}
              disabled={name.trim() === ''}
              onClick={() =>
                void change(() => api.collaborators.set(model.id, name.trim(), 'annotator')).then(() => {
                  setName('');
                })
              }
            >
              {trans.__('Add as annotator')}
            </Button>
          </div>
        </>
      )}
    </Waiting>
  );
}
