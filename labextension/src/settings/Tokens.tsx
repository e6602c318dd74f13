import { Clipboard, Notification } from '@jupyterlab/apputils';
import { useMemo, useState } from 'react';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { doing } from '../parts/say.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded } from '../store.js';
import type { AccessToken } from '../wire.js';

/** One's own tokens for scripts: they are shown once, when they are made. */
export function Tokens() {
  const { trans, api } = useHost();
  const tokens = useMemo(() => new Loaded(async () => (await api.tokens.list()).items), [api]);
  const [name, setName] = useState('');
  const [scope, setScope] = useState('read');
  const [made, setMade] = useState<string>();
  const change = async (work: () => Promise<unknown>) => {
    await doing(trans, work, trans.__('The token was not changed.'));
    await tokens.reload();
  };
  const make = async () => {
    const { token } = await api.tokens.create(name.trim(), scope);
    setMade(token);
    setName('');
  };
  return (
    <>
      <Waiting for={tokens}>
        {(items) => <List items={items} revoke={(id) => change(() => api.tokens.revoke(id))} />}
      </Waiting>
      {made !== undefined && <Secret token={made} />}
      <div className="jp-rf-Row">
        <input
          className="jp-rf-Input"
          value={name}
          placeholder={trans.__('What it is for')}
          aria-label={trans.__('What the token is for')}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <select
          className="jp-rf-Select"
          aria-label={trans.__('What it may')}
          value={scope}
          onChange={(event) => {
            setScope(event.target.value);
          }}
        >
          <option value="read">{trans.__('read')}</option>
          <option value="write">{trans.__('read and write')}</option>
        </select>
        <Button disabled={name.trim() === ''} onClick={() => void change(make)}>
          {trans.__('Make a token')}
        </Button>
      </div>
    </>
  );
}

function List({
  items,
  revoke,
}: {
  readonly items: readonly AccessToken[];
  readonly revoke: (id: number) => Promise<void>;
}) {
  const { trans } = useHost();
  if (items.length === 0)
    return <p className="jp-rf-Dim">{trans.__('No token. Scripts outside of Jupyter log in with one.')}</p>;
  return (
    <ul className="jp-rf-People">
      {items.map(({ id, name, prefix, scope }) => (
        <li key={id}>
          <bdi>{name}</bdi>
          <code>{prefix}…</code>
          <span className="jp-rf-Badge">{scope === 'read' ? trans.__('read') : trans.__('read and write')}</span>
          <Button kind="quiet" onClick={() => void revoke(id)}>
            {trans.__('Revoke')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Secret({ token }: { readonly token: string }) {
  const { trans } = useHost();
  const copy = () => {
    Clipboard.copyToSystem(token);
    Notification.info(trans.__('Token copied.'), { autoClose: 3000 });
  };
  return (
    <div className="jp-rf-Row jp-rf-Secret" role="status">
      <code>{token}</code>
      <Button onClick={copy}>{trans.__('Copy')}</Button>
      <span className="jp-rf-Dim">{trans.__('Keep it now: it is not shown again.')}</span>
    </div>
  );
}
