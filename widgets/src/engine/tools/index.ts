/** The tools, in the order in which they are offered. */
import { box } from './box.js';
import { hole } from './hole.js';
import { pan } from './pan.js';
import { point } from './point.js';
import { polygon } from './polygon.js';
import { select } from './select.js';
import { smart } from './smart.js';
import { split } from './split.js';
import type { Tool } from './tool.js';
import { wire } from './wire.js';

export const TOOLS = { select, box, polygon, smart, wire, point, hole, split, pan } as const;

export type ToolId = keyof typeof TOOLS;

/** A tool as something that takes any state: each is only ever handed its own. */
export function toolOf(id: ToolId): Tool {
  return TOOLS[id];
}
