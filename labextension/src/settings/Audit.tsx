import { useMemo, useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded } from '../store.js';

/** What happened in the dataset, the newest first. */
export function Audit({ model }: { readonly model: DatasetModel }) {
  const { trans, api } = useHost();
  const [page, setPage] = useState(1);
  const audit = useMemo(() => new Loaded(() => api.datasets.audit(model.id, page)), [api, model, page]);
  return (
    <Waiting for={audit}>
      {({ items, total, limit }) => (
        <>
          <table className="jp-rf-Table">
            <thead>
              <tr>
                <th scope="col">{trans.__('When')}</th>
                <th scope="col">{trans.__('Who')}</th>
                <th scope="col">{trans.__('What')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((entry) => (
                <tr key={entry.id}>
                  <td>{new Date(entry.at).toLocaleString()}</td>
                  <td>
                    <bdi>{entry.username}</bdi>
                  </td>
                  <td>
                    {entry.action} <bdi>{entry.subject}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <div className="jp-rf-Row">
            <Button
              kind="quiet"
              disabled={page === 1}
              onClick={() => {
                setPage(page - 1);
              }}
            >
              {trans.__('Newer')}
            </Button>
            <Button
              kind="quiet"
              disabled={page * limit >= total}
              onClick={() => {
                setPage(page + 1);
              }}
            >
              {trans.__('Older')}
            </Button>
          </div>
        </>
      )}
    </Waiting>
  );
}
