import { useSyncExternalStore } from 'react';
import { paintFirst } from './paint-first.js';
import type { Sitting, SittingState } from './sitting.js';

export function useSitting<T>(sitting: Sitting, pick: (state: SittingState) => T): T {
  const read = () => pick(sitting.state);
  const subscribe = paintFirst(
    sitting,
    sitting.subscribe,
    () => sitting.state.position,
    () => sitting.state.loading,
  );
  return useSyncExternalStore(subscribe, read, read);
}
