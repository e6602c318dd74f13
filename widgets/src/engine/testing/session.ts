/** Sessions for tests: over a Backend in memory and a clock that stands still, with edits that read as what is done. */
import { annotationToWire, makeAnnotation, type Annotation, type WireAnnotation } from '../annotation.js';
import { add, remove, replace } from '../document.js';
import { MemoryJournal, type Journal } from '../journal.js';
import type { Picture } from '../picture.js';
import { Session } from '../session.js';
import { boundsOf, fromWire } from '../shapes/index.js';
import { FakeBackend, FakeClock } from './backend.js';
import { CELLS } from './editor.js';

export const PICTURE: Picture = { width: 200, height: 100, levels: [] };

export const id = (n: number): string => n.toString(16).padStart(32, '0');

/** A box of 20 × 20 pixels that is known by its number. */
export const box = (n: number, x: number): Annotation =>
  makeAnnotation(id(n), 'red', { kind: 'bbox', x, y: 10, width: 20, height: 20 });

export const wire = (n: number, x: number): WireAnnotation => annotationToWire(box(n, x));

/** Resolves when all that can happen without time passing has happened. */
export const quiet = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

let begun = 0;

export interface Begun {
  readonly session: Session;
  readonly editor: Session['editor'];
  readonly backend: FakeBackend;
  readonly journal: Journal;
  readonly clock: FakeClock;
}

/** A session that shows its first image. */
export async function beginSession(
  backend = new FakeBackend(),
  journal: Journal = new MemoryJournal(),
  clock = new FakeClock(),
): Promise<Begun> {
  let made = 1e6 * ++begun;
  const newId = (): string => id(made++);
  const decode = (): Promise<Picture> => Promise.resolve(PICTURE);
  const session = new Session({ backend, journal, clock, random: () => 0.5, newId, decode });
  session.editor.setLabels(CELLS);
  await session.start();
  await quiet();
  return { session, editor: session.editor, backend, journal, clock };
}

export interface Sessions {
  readonly begin: typeof beginSession;
  /** Close one that was begun otherwise too. */
  readonly keep: (session: Session) => void;
  readonly closeAll: () => void;
}

/** The sessions of a test file: `afterEach(closeAll)`. */
export function sessions(): Sessions {
  const open: Session[] = [];
  const begin: typeof beginSession = async (...given) => {
    const made = await beginSession(...given);
    open.push(made.session);
    return made;
  };
  const closeAll = () => {
    for (const session of open.splice(0)) session.close();
  };
  return { begin, keep: (session) => open.push(session), closeAll };
}

export function draw({ editor }: Session, n: number, x: number): void {
  editor.edit({ name: 'Draw box', edit: (document) => add(document, box(n, x)) });
}

export function move({ editor }: Session, n: number, x: number): void {
  editor.edit({ name: 'Move', edit: (document) => replace(document, box(n, x)) });
}

export function drop({ editor }: Session, n: number): void {
  editor.edit({ name: 'Delete', edit: (document) => remove(document, [id(n)]) });
}

/** Where the boxes are, by their numbers. */
export function places(annotations: readonly WireAnnotation[]): Record<number, number> {
  return Object.fromEntries(annotations.map((each) => [Number.parseInt(each.id, 16), boundsOf(fromWire(each)).x0]));
}

/** Let time pass until all is saved. */
export async function settled(clock: FakeClock, session: Session): Promise<void> {
  for (let i = 0; i < 60 && session.state.saving !== 'saved'; i++) {
    clock.advance(clock.next ?? 0);
    await quiet();
  }
}
