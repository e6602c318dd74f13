import { useMemo, useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { doing } from '../parts/say.js';
import { wordsIn } from '../parts/words.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded, useStore } from '../store.js';
import type { Collaborator } from '../wire.js';

const ROLES = ['viewer', 'annotator', 'admin'] as const;

/** Who else works on the dataset, and as what. */
export function Collaborators({ model }: { readonly model: DatasetModel }) {
  const { trans, api } = useHost();
  const dataset = useStore(model.dataset).value;
  const refusal = refusalOf('own', dataset?.role, trans);
  const people = useMemo(() => new Loaded(async () => (await api.collaborators.list(model.id)).items), [api, model]);
  const change = async (work: () => Promise<unknown>) => {
    await doing(trans, work, trans.__('The role was not changed.'));
    await people.reload();
  };
  const set = (username: string, role: string) => change(() => api.collaborators.set(model.id, username, role));
  return (
    <Waiting for={people}>
      {(items) => (
        <>
          <ul className="jp-rf-People">
            <li>
              <bdi>{dataset?.owner}</bdi>
              <span className="jp-rf-Badge">{wordsIn(trans).roles.owner}</span>
            </li>
            {items.map((person) => (
              <Person
                key={person.username}
                person={person}
                refusal={refusal}
                set={set}
                remove={() => void change(() => api.collaborators.remove(model.id, person.username))}
              />
            ))}
          </ul>
          <Newcomer refusal={refusal} add={(username) => set(username, 'annotator')} />
        </>
      )}
    </Waiting>
  );
}

interface PersonProps {
  readonly person: Collaborator;
  readonly refusal: string | undefined;
  readonly set: (username: string, role: string) => Promise<void>;
  readonly remove: () => void;
}

function Person({ person: { username, role }, refusal, set, remove }: PersonProps) {
  const { trans } = useHost();
  return (
    <li>
      <bdi>{username}</bdi>
      <select
        className="jp-rf-Select"
        aria-label={trans.__('Role of %1', username)}
        title={refusal}
        disabled={refusal !== undefined}
        value={role}
        onChange={(event) => void set(username, event.target.value)}
      >
        {ROLES.map((one) => (
          <option key={one} value={one}>
            {wordsIn(trans).roles[one]}
          </option>
        ))}
      </select>
      <Button kind="quiet" refusal={refusal} onClick={remove}>
        {trans.__('Remove')}
      </Button>
    </li>
  );
}

interface NewcomerProps {
  readonly refusal: string | undefined;
  readonly add: (username: string) => Promise<void>;
}

function Newcomer({ refusal, add }: NewcomerProps) {
  const { trans } = useHost();
  const [name, setName] = useState('');
  const submit = async () => {
    await add(name.trim());
    setName('');
  };
  return (
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
      <Button refusal={refusal} disabled={name.trim() === ''} onClick={() => void submit()}>
        {trans.__('Add as annotator')}
      </Button>
    </div>
  );
}
