import { useMemo, useState } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { Button } from '../parts/Button.js';
import { Waiting } from '../parts/Waiting.js';
import { Loaded } from '../store.js';
import { auditLines, type AuditLine } from './audit-texts.js';

/** What happened in the dataset, the newest first. */
export function Audit({ model }: { readonly model: DatasetModel }) {
  const { trans, api } = useHost();
  const [page, setPage] = useState(1);
  const audit = useMemo(() => new Loaded(() => api.datasets.audit(model.id, page)), [api, model, page]);
  return (
    <Waiting for={audit}>
      {({ items, total, limit }) => (
        <>
          <table className="jp-rf-Table jp-rf-Audit">
            <thead>
              <tr>
                <th scope="col">{trans.__('When')}</th>
                <th scope="col">{trans.__('Who')}</th>
                <th scope="col">{trans.__('What')}</th>
              </tr>
            </thead>
            <tbody>
              {auditLines(items, trans).map((line) => (
                <Row key={line.id} line={line} />
              ))}
            </tbody>
          </table>
          {total > limit && (
            <div className="jp-rf-Row">
              <Button
                disabled={page === 1}
                onClick={() => {
                  setPage(page - 1);
                }}
              >
                {trans.__('Newer')}
              </Button>
              <Button
                disabled={page * limit >= total}
                onClick={() => {
                  setPage(page + 1);
                }}
              >
                {trans.__('Older')}
              </Button>
            </div>
          )}
        </>
      )}
    </Waiting>
  );
}

function Row({ line: { at, username, text, times } }: { readonly line: AuditLine }) {
  const { trans } = useHost();
  return (
    <tr>
      <td>
        <time dateTime={at}>{new Date(at).toLocaleString()}</time>
      </td>
      <td>{username === '' ? trans.__('the server') : <bdi>{username}</bdi>}</td>
      <td>
        <bdi>{text}</bdi>
        {times > 1 && (
          <>
            {' '}
            <span className="jp-rf-Badge">{trans.__('%1 times', times.toLocaleString())}</span>
          </>
        )}
      </td>
    </tr>
  );
}
