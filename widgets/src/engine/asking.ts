/** Carries an editor's questions to an assistant and the answers back: one at a time, the newest, none that is unwanted. */
import type { Answer, Assistant, Question } from './assistant.js';
import type { Clock } from './clock.js';
import type { Editor } from './editor.js';

/** Least milliseconds from one path that is asked for while the pointer moves to the next. */
const EVERY = 40;

interface Asked {
  readonly question: Question;
  readonly imageId: string;
  readonly ends: AbortController;
}

/** Answer what the editor asks from now on; the answer of this ends it. */
export function answerQuestions(editor: Editor, assistant: Assistant, clock: Clock): () => void {
  const asking = new Asking(editor, assistant, clock);
  const end = editor.subscribe(asking.look);
  editor.set({ assists: true });
  asking.look();
  return () => {
    end();
    asking.stop();
    editor.set({ assists: false });
  };
}

class Asking {
  readonly #editor: Editor;
  readonly #assistant: Assistant;
  readonly #clock: Clock;
  #asked: Asked | undefined;
  #last = -Infinity;
  #callOff: (() => void) | undefined;

  constructor(editor: Editor, assistant: Assistant, clock: Clock) {
    this.#editor = editor;
    this.#assistant = assistant;
    this.#clock = clock;
  }

  look = (): void => {
    const { question, imageId } = this.#editor.state;
    const asked = this.#asked;
    if (asked !== undefined) {
      const stays = asked.imageId === imageId && question !== undefined && isGoodEnough(asked.question, question);
      if (stays) return;
      this.stop();
    }
    if (question === undefined || imageId === undefined || this.#callOff) return;
    const wait = question.kind === 'path' ? this.#last + EVERY - this.#clock.now() : 0;
    if (wait <= 0) void this.#ask({ question, imageId, ends: new AbortController() });
    else
      this.#callOff = this.#clock.after(wait, () => {
        this.#callOff = undefined;
        this.look();
      });
  };

  stop(): void {
    this.#asked?.ends.abort();
    this.#asked = undefined;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  async #ask(asked: Asked): Promise<void> {
    this.#asked = asked;
    this.#last = this.#clock.now();
    const answer = await this.#answer(asked);
    if (this.#asked !== asked) return;
    this.#asked = undefined;
    this.#editor.answer(answer);
    this.look();
  }

  async #answer({ question, imageId, ends: { signal } }: Asked): Promise<Answer> {
    try {
      if (question.kind === 'outline') {
        return { kind: 'outline', question, shapes: await this.#assistant.outline(imageId, question.prompt, signal) };
      }
      const points = await this.#assistant.path(imageId, question.from, question.to, signal);
      return { kind: 'path', question, points };
    } catch (error) {
      return { kind: 'none', question, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Whether an answer that is on its way is worth waiting for: a path that goes almost where the pointer is now. */
function isGoodEnough(asked: Question, wanted: Question): boolean {
  if (asked === wanted) return true;
  if (asked.kind !== 'path' || wanted.kind !== 'path') return false;
  return asked.from.x === wanted.from.x && asked.from.y === wanted.from.y;
}
