/** What the kinds ask of geometry that comes over the wire. */
import type { Json, JsonObject } from '../shape.js';

/** Whether a value is a list of finite numbers. */
export function isNumbers(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

/** Whether geometry is in pixels and has no field besides these: one that has could not be written back unchanged. */
export function hasOnly(geometry: JsonObject, fields: readonly string[]): boolean {
  const unit = geometry.coords_unit;
  if (unit !== undefined && unit !== 'px') return false;
  return Object.keys(geometry).every((key) => key === 'coords_unit' || fields.includes(key));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
