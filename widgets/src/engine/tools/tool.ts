/** What a tool is: a union of states named for the hand, and one pure function from input to a plan. */
import { makeAnnotation, type Annotation } from '../annotation.js';
import type { Answer, Question } from '../assistant.js';
import { toImage, type Camera } from '../camera.js';
import { add, type Document, type Edit, type Ids } from '../document.js';
import type { Guide } from '../guide.js';
import type { Hit } from '../hit-test.js';
import type { CancelInput, LeaveInput, PointerInput } from '../input.js';
import type { Said } from '../said.js';
import { clip, isUsable, type Shape } from '../shapes/index.js';
import type { Bounds, Size, XY } from '../shapes/shape.js';

export interface ToolState {
  readonly in: string;
}

/** What a key can ask of a gesture in progress. */
export type ToolAction = 'finish' | 'cancel' | 'delete';

export interface ActionInput {
  readonly type: 'action';
  readonly action: ToolAction;
}

export type ToolInput = PointerInput | CancelInput | LeaveInput | ActionInput;

/** A box around an object, a stroke on it, or a stroke beside it. */
export type Pointing = 'box' | 'add' | 'remove';

/** What a tool may look at: read again at every step, never kept. */
export interface World {
  readonly document: Document;
  readonly selection: Ids;
  readonly camera: Camera;
  readonly viewport: Size;
  readonly image: Size;
  /** The label of what is drawn. */
  readonly label: string;
  /** How near counts as on it, in image pixels. */
  readonly margin: number;
  /** What a drag means to the tool that finds outlines. */
  readonly pointing: Pointing;
  newId(): string;
  /** What a place means, among what is shown. */
  hit(at: XY): Hit | undefined;
  /** What is shown and touches some bounds, in z-order. */
  within(bounds: Bounds): readonly Annotation[];
  find(id: string): Annotation | undefined;
}

/** A plan, not an effect. */
export interface Step<S extends ToolState = ToolState> {
  readonly state: S;
  /** Shown instead of the stored ones with the same id; never stored. */
  readonly draft?: readonly Annotation[];
  readonly guide?: Guide | undefined;
  readonly commit?: Edit | undefined;
  readonly select?: Ids;
  readonly camera?: Camera;
  readonly cursor?: string | undefined;
  readonly hover?: string | undefined;
  /** What is to be found in the photo; its answer comes to `Tool.answer`. */
  readonly question?: Question | undefined;
  /** Something to tell the person; empty takes away what was told. */
  readonly notice?: Said;
}

export interface Tool<S extends ToolState = ToolState> {
  readonly id: string;
  readonly idle: S;
  readonly cursor: string;
  /** Whether it makes annotations, and so needs a label. */
  readonly draws: boolean;
  /** The plan for an input, or undefined when the input means nothing here. */
  step(state: S, input: ToolInput, world: World): Step<S> | undefined;
  /** The plan for the answer to a question; undefined when it is no longer wanted. */
  answer?(state: S, answer: Answer, world: World): Step<S> | undefined;
}

/** Least side of what is drawn, in image pixels. */
export const MINIMUM = 1;
/** A press that moves less than this (CSS pixels) is a click. */
export const SLACK = 4;
export const DRAFT_ID = 'draft';

/** A pointer's place on the image, within the picture, to a hundredth of a pixel. */
export function placeOf(input: PointerInput, { camera, image }: World): XY {
  const { x, y } = toImage(camera, input);
  const within = (value: number, end: number): number => Math.round(Math.min(end, Math.max(0, value)) * 100) / 100;
  return { x: within(x, image.width), y: within(y, image.height) };
}

export function hasMoved(from: XY, to: XY): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) >= SLACK;
}

/** A shape in the making, for the draft. */
export function sketch(shape: Shape, { label }: World): Annotation {
  return makeAnnotation(DRAFT_ID, label, shape);
}

/** The edit that adds a drawn shape, clipped to the picture; undefined when it is too small to be meant. */
export function drawing(name: string, shape: Shape, world: World): Edit | undefined {
  const pieces = clip(shape, world.image).filter((piece) => isUsable(piece, MINIMUM));
  const drawn = pieces.map((piece) => makeAnnotation(world.newId(), world.label, piece));
  return drawn.length > 0 ? { name, edit: (document) => add(document, ...drawn) } : undefined;
}

/** Whether an annotation may be changed by hand. */
export function isFree(annotation: Annotation): boolean {
  return !annotation.locked && annotation.proposal === undefined && annotation.shape.kind !== 'unknown';
}
