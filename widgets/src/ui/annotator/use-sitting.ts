import { useSyncExternalStore } from 'react';
import type { Sitting, SittingState } from './sitting.js';

export function useSitting<T>(sitting: Sitting, pick: (state: SittingState) => T): T {
  const read = () => pick(sitting.state);
  return useSyncExternalStore(sitting.subscribe, read, read);
}
