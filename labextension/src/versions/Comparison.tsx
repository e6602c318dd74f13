import { useMemo, useState } from 'react';
import { useHost } from '../host.js';
import { countsText } from '../parts/count-texts.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded } from '../store.js';
import type { Changes, Version, VersionDiff } from '../wire.js';

/** What differs between two versions. */
export function Comparison({ versions }: { readonly versions: readonly Version[] }) {
  const { trans } = useHost();
  const [before, setBefore] = useState(versions[1]?.id ?? 0);
  const [after, setAfter] = useState(versions[0]?.id ?? 0);
  const choice = (name: string, value: number, onChange: (id: number) => void) => (
    <select
      className="jp-rf-Select"
      aria-label={name}
      value={value}
      onChange={(event) => {
        onChange(Number(event.target.value));
      }}
    >
      {versions.map(({ id, number }) => (
        <option key={id} value={id}>
          {trans.__('Version %1', number)}
        </option>
      ))}
    </select>
  );
  return (
    <details className="jp-rf-Card">
      <summary>{trans.__('Compare versions')}</summary>
      <div className="jp-rf-Row">
        {choice(trans.__('From'), before, setBefore)}→{choice(trans.__('To'), after, setAfter)}
      </div>
      <Difference key={`${String(before)}-${String(after)}`} before={before} after={after} />
    </details>
  );
}

function Difference({ before, after }: { readonly before: number; readonly after: number }) {
  const { api } = useHost();
  const diff = useMemo(() => new Loaded(() => api.versions.diff(before, after)), [api, before, after]);
  return <Waiting for={diff}>{(found) => <Table diff={found} />}</Waiting>;
}

function Table({ diff }: { readonly diff: VersionDiff }) {
  const { trans } = useHost();
  if (diff.same_content) return <p>{trans.__('Both have the same content.')}</p>;
  const row = (name: string, { added, removed, changed }: Changes) => (
    <tr>
      <th scope="row">{name}</th>
      <td title={added.join('\n')}>{added.length.toLocaleString()}</td>
      <td title={removed.join('\n')}>{removed.length.toLocaleString()}</td>
      <td title={changed.join('\n')}>{changed.length.toLocaleString()}</td>
    </tr>
  );
  const numbers = countsText(trans, diff.annotations) || trans.__('the same');
  return (
    <>
      <table className="jp-rf-Table">
        <thead>
          <tr>
            <td />
            <th scope="col">{trans.__('added')}</th>
            <th scope="col">{trans.__('removed')}</th>
            <th scope="col">{trans.__('changed')}</th>
          </tr>
        </thead>
        <tbody>
          {row(trans.__('Images'), diff.images)}
          {row(trans.__('Labels'), diff.labels)}
        </tbody>
      </table>
      <p className="jp-rf-Dim">
        {trans.__('Annotations – %1', numbers)}
        {diff.recipe_changed && ` · ${trans.__('another recipe')}`}
      </p>
    </>
  );
}
