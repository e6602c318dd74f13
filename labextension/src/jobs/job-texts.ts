import type { TranslationBundle } from '@jupyterlab/translation';
import { useMemo } from 'react';
import { useHost } from '../host.js';
import type { Job, Json } from '../wire.js';

export interface JobTexts {
  readonly title: (job: Pick<Job, 'kind'>) => string;
  readonly state: (job: Pick<Job, 'state'>) => string;
  readonly counts: (counts: Json) => string;
}

export function useJobTexts(): JobTexts {
  const { trans } = useHost();
  return useMemo(() => jobTexts(trans), [trans]);
}

/** Jobs in words. */
export function jobTexts(trans: TranslationBundle): JobTexts {
  const titles: Readonly<Record<string, string>> = {
    import: trans.__('Import'),
    export: trans.__('Export'),
    version: trans.__('Version'),
    create_version: trans.__('Version'),
    rebuild: trans.__('Rebuilt version'),
    rebuild_version: trans.__('Rebuilt version'),
  };
  const states: Readonly<Record<Job['state'], string>> = {
    queued: trans.__('waiting'),
    running: trans.__('running'),
    succeeded: trans.__('done'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
  };
  return {
    title: ({ kind }) => titles[kind] ?? kind,
    state: ({ state }) => states[state],
    counts: (counts) =>
      Object.entries(counts)
        .flatMap(([name, value]) =>
          typeof value === 'number' && value > 0 ? [`${name.replaceAll('_', ' ')}: ${value.toLocaleString()}`] : [],
        )
        .join(' · '),
  };
}
