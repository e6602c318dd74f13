/** The kernel as a door: a message for a question, a message for its answer, bytes as buffers beside it. */
import type { AnyModel } from '@anywidget/types';
import { BackendError } from '../engine/backend.js';
import { checked, type Ask, type Question, type Reply } from './door.js';

interface Answer extends Reply {
  readonly type: 'answer';
  readonly id: number;
}

/** What of a widget's model is used. */
export type Messages = Pick<AnyModel, 'send' | 'on' | 'off'>;

/** Milliseconds: a kernel that runs a cell answers when that has ended. */
const PATIENCE = 60_000;

export interface CommDoor {
  readonly ask: Ask;
  readonly close: () => void;
}

/** What a widget manager tells of a model whose kernel has gone, or has come back. */
const LIFE = 'comm_live_update';

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: BackendError) => void;
}

export function commDoor(model: Messages, patience = PATIENCE): CommDoor {
  const waiting = new Map<number, Waiting>();
  let count = Math.floor(Math.random() * 2 ** 31);
  const hear = (message: unknown, buffers: readonly DataView[] = []) => {
    const answer = message as Partial<Answer> | null;
    if (answer?.type !== 'answer' || answer.id === undefined) return;
    const [bytes] = buffers;
    const file = bytes ? { file: new Blob([bytes as DataView<ArrayBuffer>]) } : {};
    waiting.get(answer.id)?.resolve({ status: answer.status ?? 500, body: answer.body, ...file });
    waiting.delete(answer.id);
  };
  // Whoever was asked is gone: no answer comes any more.
  const giveUp = () => {
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  };
  model.on('msg:custom', hear);
  model.on(LIFE, giveUp);
  const ask = (question: Question): Promise<Reply> =>
    new Promise<Reply>((resolve, reject) => {
      const id = ++count;
      const late = setTimeout(() => {
        waiting.delete(id);
        reject(new BackendError('unavailable', 'The kernel does not answer: is it busy, or was it restarted?'));
      }, patience);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late);
          settle(value);
        };
      waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      try {
        model.send({ type: 'ask', id, ...question });
      } catch {
        waiting.get(id)?.reject(gone());
        waiting.delete(id);
      }
    }).then(checked);
  return {
    ask,
    close: () => {
      model.off('msg:custom', hear);
      model.off(LIFE, giveUp);
    },
  };
}

function gone(): BackendError {
  return new BackendError('unavailable', 'The kernel was restarted or ended: run the cell again.');
}
