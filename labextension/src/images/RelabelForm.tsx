import type { TranslationBundle } from '@jupyterlab/translation';
import { useState } from 'react';

export interface Relabeling {
  /** Empty: whatever the label is. */
  readonly from: string;
  readonly to: string;
}

interface RelabelFormProps {
  readonly trans: TranslationBundle;
  readonly labels: readonly string[];
  readonly onChange: (value: Relabeling) => void;
}

/** Which label becomes which. */
export function RelabelForm({ trans, labels, onChange }: RelabelFormProps) {
  const [wish, setWish] = useState<Relabeling>({ from: '', to: '' });
  const set = (change: Partial<Relabeling>) => {
    const next = { ...wish, ...change };
    setWish(next);
    onChange(next);
  };
  const options = labels.map((label) => <option key={label}>{label}</option>);
  return (
    <div className="jp-rf-Form">
      <label>
        {trans.__('Annotations with')}
        <select
          className="jp-rf-Select"
          value={wish.from}
          onChange={(event) => {
            set({ from: event.target.value });
          }}
        >
          <option value="">{trans.__('any label')}</option>
          {options}
        </select>
      </label>
      <label>
        {trans.__('become')}
        <select
          className="jp-rf-Select"
          value={wish.to}
          onChange={(event) => {
            set({ to: event.target.value });
          }}
        >
          <option value="" hidden />
          {options}
        </select>
      </label>
    </div>
  );
}
