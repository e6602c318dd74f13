import type { ReactNode } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { ids } from '../command-ids.js';
import { Button } from '../parts/Button.js';
import { refusalOf } from '../parts/rights.js';
import { doing } from '../parts/say.js';
import { sure } from '../parts/sure.js';
import { Waiting } from '../parts/Waiting.js';
import { useStore } from '../store.js';
import { Audit } from './Audit.js';
import { Collaborators } from './Collaborators.js';
import { LabelsEditor } from './LabelsEditor.js';
import { Splits } from './Splits.js';
import { Tokens } from './Tokens.js';

/** Labels, splits, people, what happened, tokens, and the end of it all. */
export function SettingsTab({ model }: { readonly model: DatasetModel }) {
  const { trans, me } = useHost();
  const who = useStore(me);
  const role = useStore(model.dataset).value?.role;
  const noAudit = refusalOf('manage', role, trans);
  return (
    <div className="jp-rf-Scroll jp-rf-Settings" tabIndex={0} role="region" aria-label={trans.__('Settings')}>
      <Section title={trans.__('Labels')}>
        <Waiting for={model.labels}>{(labels) => <LabelsEditor model={model} labels={labels} />}</Waiting>
      </Section>
      <Section title={trans.__('Splits')}>
        <Splits model={model} />
      </Section>
      {who?.roles_apply === true && (
        <Section title={trans.__('People')}>
          <Collaborators model={model} />
        </Section>
      )}
      <Section title={trans.__('Access tokens')}>
        <Tokens />
      </Section>
      <Section title={trans.__('What happened')}>
        {noAudit === undefined ? <Audit model={model} /> : <p className="jp-rf-Dim">{noAudit}</p>}
      </Section>
      <Section title={trans.__('Danger zone')}>
        <Danger model={model} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="jp-rf-Card" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Danger({ model }: { readonly model: DatasetModel }) {
  const { trans, api, changes, commands } = useHost();
  const dataset = useStore(model.dataset).value;
  const rename = () => void commands.execute(ids.renameDataset);
  const remove = async () => {
    const body = trans.__('Its images, annotations, versions and exports are deleted. This cannot be undone.');
    if (!(await sure(trans.__('Delete “%1”?', dataset?.name ?? ''), body, trans.__('Delete the dataset')))) return;
    if (await doing(trans, () => api.datasets.delete(model.id), trans.__('The dataset was not deleted.')))
      changes.tellDeleted(model.id);
  };
  return (
    <div className="jp-rf-Row">
      <Button onClick={rename} refusal={refusalOf('manage', dataset?.role, trans)}>
        {trans.__('Rename…')}
      </Button>
      <Button kind="warn" onClick={() => void remove()} refusal={refusalOf('own', dataset?.role, trans)}>
        {trans.__('Delete the dataset…')}
      </Button>
    </div>
  );
}
