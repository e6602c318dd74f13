/** What a person did, as plain data: the host translates its events to these. Places are CSS pixels of the viewport. */
import type { XY } from './shapes/shape.js';

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
}

export type Button = 'primary' | 'middle' | 'secondary';
export type PointerKind = 'mouse' | 'pen' | 'touch';

export interface PointerInput extends XY, Modifiers {
  readonly type: 'down' | 'move' | 'up';
  /** The button of a `down` or `up`; for a `move`, the one held, if any. */
  readonly button?: Button;
  readonly pointer: PointerKind;
  /** 0 to 1; a mouse presses with 0.5. */
  readonly pressure: number;
  /** 2 for a double click. */
  readonly clicks: number;
}

/** The press in progress is void: the system took the pointer away. */
export interface CancelInput {
  readonly type: 'cancel';
}

/** The pointer left the viewport. */
export interface LeaveInput {
  readonly type: 'leave';
}

/** The focus left: keys that are let go elsewhere are never heard of. */
export interface BlurInput {
  readonly type: 'blur';
}

export interface KeyInput extends Modifiers {
  readonly type: 'key' | 'keyup';
  /** As `KeyboardEvent.key`. */
  readonly key: string;
  /** As `KeyboardEvent.code`, for keys that lie elsewhere on other layouts. */
  readonly code?: string;
  readonly repeat?: boolean;
}

export interface WheelInput extends XY, Modifiers {
  readonly type: 'wheel';
  /** CSS pixels. */
  readonly dx: number;
  readonly dy: number;
}

/** Two fingers: scaled around a place and moved. */
export interface PinchInput extends XY {
  readonly type: 'pinch';
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

export type Input = PointerInput | CancelInput | LeaveInput | BlurInput | KeyInput | WheelInput | PinchInput;

export const NO_MODIFIERS: Modifiers = { shift: false, alt: false, mod: false };
