import type { TranslationBundle } from '@jupyterlab/translation';
import { useMemo } from 'react';
import { useHost } from '../host.js';
import { countsText } from '../parts/count-texts.js';
import { serverText } from '../server-texts/server-text.js';
import type { Job, Json } from '../wire.js';

export interface JobTexts {
  readonly title: (job: Pick<Job, 'kind'>) => string;
  readonly state: (job: Pick<Job, 'state'>) => string;
  /** How far it is, in per cent, the only measure that all jobs have, and what it is at. */
  readonly progress: (job: Pick<Job, 'progress' | 'message'>) => string;
  readonly counts: (counts: Json) => string;
}

export function useJobTexts(): JobTexts {
  const { trans } = useHost();
  return useMemo(() => jobTexts(trans), [trans]);
}

/** Jobs in words. */
export function jobTexts(trans: TranslationBundle): JobTexts {
  const titles: Readonly<Record<string, string>> = {
    delete: trans.__('Deletion of a dataset'),
    export: trans.__('Export'),
    import: trans.__('Import'),
    version: trans.__('Version'),
    version_chunk: trans.__('Part of a version'),
  };
  const states: Readonly<Record<Job['state'], string>> = {
    queued: trans.__('waiting'),
    running: trans.__('running'),
    succeeded: trans.__('done'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
  };
  return {
    title: ({ kind }) => titles[kind] ?? kind.replaceAll('_', ' '),
    state: ({ state }) => states[state],
    progress: ({ progress, message }) => {
      const share = trans.__('%1 %%', Math.round(progress));
      return message === '' ? share : `${share} · ${serverText(trans, message)}`;
    },
    counts: (counts) => countsText(trans, counts),
  };
}
