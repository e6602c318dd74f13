import type { KeyTable } from '../../engine/keys.js';
import type { Session } from '../../engine/session.js';
import type { Choice, Sitting, SittingState } from './sitting.js';

export interface SessionSittingOptions {
  readonly session: Session;
  readonly title: string;
  /** Keys for some actions instead of those they have at first. */
  readonly keys?: KeyTable;
  /** Makes a label where the images are; without it labels cannot be added here. */
  readonly addLabel?: (name: string) => Promise<{ readonly name: string; readonly color: string }>;
}

/** A Session as the components see it. */
export class SessionSitting implements Sitting {
  readonly #options: SessionSittingOptions;
  #from: Session['state'] | undefined;
  #state: SittingState | undefined;

  constructor(options: SessionSittingOptions) {
    this.#options = options;
  }

  get editor() {
    return this.#options.session.editor;
  }

  get keys(): KeyTable | undefined {
    return this.#options.keys;
  }

  get state(): SittingState {
    const { session, title, addLabel } = this.#options;
    if (this.#state === undefined || this.#from !== session.state) {
      this.#from = session.state;
      this.#state = { ...seen(session.state), title, addsLabels: addLabel !== undefined };
    }
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => this.#options.session.subscribe(listener);

  show = (position: number): void => {
    void this.#options.session.openAt(position).catch(() => undefined);
  };

  retry = (): void => {
    const { session } = this.#options;
    const { current, status, pictureProblem } = session.state;
    if (current !== undefined && (status === 'failed' || pictureProblem !== undefined)) void session.open(current.id);
    else if (status === 'failed') void session.start();
    session.retry();
  };

  addLabel = async (name: string): Promise<void> => {
    const label = await this.#options.addLabel?.(name);
    if (label === undefined) return;
    this.editor.setLabels([...this.editor.state.labels, label]);
    this.editor.setLabel(label.name);
  };

  resolve = (choice: Choice): void => {
    this.#options.session.resolve(choice);
  };
}

function seen(state: Session['state']): Omit<SittingState, 'title' | 'addsLabels'> {
  const { count, position, current, status, picture, conflict } = state;
  return {
    count: status === 'starting' ? undefined : count,
    position,
    name: current?.filename ?? '',
    picture,
    loading: status === 'starting' || status === 'loading' || (status === 'ready' && isPending(state)),
    problem: state.problem ?? state.pictureProblem,
    saving: state.saving,
    trouble: state.saveProblem,
    conflict,
  };
}

function isPending({ current, picture, pictureProblem }: Session['state']): boolean {
  return current !== undefined && picture === undefined && pictureProblem === undefined;
}
