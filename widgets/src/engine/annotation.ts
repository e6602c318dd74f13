/** What people draw: a shape with a label on an image. */
import { fromWire, toWire, type Shape } from './shapes/index.js';
import type { Json, JsonObject, WireShape } from './shapes/shape.js';

export interface Annotation {
  /** 32 hex digits. */
  readonly id: string;
  /** The name of its label. */
  readonly label: string;
  readonly shape: Shape;
  readonly attributes: JsonObject;
  /** Not shown, in this page only. */
  readonly hidden: boolean;
  /** Not to be changed by hand, in this page only. */
  readonly locked: boolean;
  /** Set while it is only proposed: not saved until somebody accepts it. */
  readonly proposal?: Proposal;
}

export interface Proposal {
  /** How sure the proposer is, 0 to 1. */
  readonly score: number;
  /** Who proposed it, for people: the name of a function or model. */
  readonly provenance: string;
}

/** An annotation as it goes over the wire. */
export interface WireAnnotation extends WireShape {
  readonly id: string;
  readonly label: string;
  readonly attributes: JsonObject;
}

/** A proposal as it goes over the wire. */
export interface WireProposal extends WireAnnotation, Proposal {}

/** A new annotation, as drawn. */
export function makeAnnotation(id: string, label: string, shape: Shape, attributes: JsonObject = {}): Annotation {
  return Object.freeze({ id, label, shape, attributes, hidden: false, locked: false });
}

/** An annotation with some fields changed. */
export function changed(annotation: Annotation, fields: Partial<Omit<Annotation, 'id' | 'proposal'>>): Annotation {
  return Object.freeze({ ...annotation, ...fields });
}

/** A new id: 32 hex digits, 48 bits of milliseconds first, so that ids sort by age as those of the server do. */
export function makeAnnotationId(now: number = Date.now()): string {
  const noise = crypto.getRandomValues(new Uint8Array(10));
  const stamp = Math.max(0, Math.floor(now)).toString(16).padStart(12, '0').slice(-12);
  return stamp + Array.from(noise, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function annotationFromWire(wire: WireAnnotation): Annotation {
  return makeAnnotation(wire.id, wire.label, fromWire(wire), wire.attributes);
}

export function proposalFromWire(wire: WireProposal): Annotation {
  const { score, provenance } = wire;
  return Object.freeze({ ...annotationFromWire(wire), proposal: { score, provenance } });
}

const written = new WeakMap<Annotation, WireAnnotation>();

/** An annotation for the wire. The same annotation gives the same object, so that large sets are cheap to save again. */
export function annotationToWire(annotation: Annotation): WireAnnotation {
  let wire = written.get(annotation);
  if (wire === undefined) {
    const { id, label, shape, attributes } = annotation;
    written.set(annotation, (wire = { id, label, ...toWire(shape), attributes }));
  }
  return wire;
}

/** A proposal that somebody accepted: an annotation like any other that remembers where it came from. */
export function accepted(annotation: Annotation): Annotation {
  const { proposal, ...plain } = annotation;
  if (proposal === undefined) return annotation;
  const attributes = { ...plain.attributes, proposed_by: proposal.provenance, score: proposal.score };
  return Object.freeze({ ...plain, attributes });
}

/** Whether two annotations say the same; what is only of this page (hidden, locked) does not count. */
export function sameContent(a: Annotation, b: Annotation): boolean {
  if (a === b) return true;
  return a.label === b.label && sameJson(a.shape, b.shape) && sameJson(a.attributes, b.attributes);
}

/** Whether two values of plain data are equal, whatever the order of their fields. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, two] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = Object.keys(one);
  return keys.length === Object.keys(two).length && keys.every((key) => key in two && sameJson(one[key], two[key]));
}

export type { Json, JsonObject };
