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

export function commDoor(model: Messages, patience = PATIENCE): CommDoor {
  const waiting = new Map<number, (reply: Reply) => void>();
  let count = Math.floor(Math.random() * 2 ** 31);
  const hear = (message: unknown, buffers: readonly DataView[] = []) => {
    const answer = message as Partial<Answer> | null;
    if (answer?.type !== 'answer' || answer.id === undefined) return;
    const [bytes] = buffers;
    const file = bytes ? { file: new Blob([bytes as DataView<ArrayBuffer>]) } : {};
    waiting.get(answer.id)?.({ status: answer.status ?? 500, body: answer.body, ...file });
    waiting.delete(answer.id);
  };
  model.on('msg:custom', hear);
  const ask = ({ signal, ...question }: Question): Promise<Reply> =>
    new Promise<Reply>((resolve, reject) => {
      const id = ++count;
      const late = setTimeout(() => {
        waiting.delete(id);
        reject(new BackendError('unavailable', 'The kernel does not answer: is it busy, or was it restarted?'));
      }, patience);
      signal?.addEventListener('abort', () => {
        clearTimeout(late);
        waiting.delete(id);
        reject(new BackendError('unavailable', 'It is no longer wanted.'));
      });
      waiting.set(id, (reply) => {
        clearTimeout(late);
        resolve(reply);
      });
      model.send({ type: 'ask', id, ...question });
    }).then(checked);
  return {
    ask,
    close: () => {
      model.off('msg:custom', hear);
    },
  };
}
