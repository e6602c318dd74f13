/** A canvas context that writes down what is drawn. */
import type { Context } from '../render.js';

export type Call = readonly [name: string, ...given: (string | number)[]];

const METHODS = [
  ...[
    'beginPath',
    'moveTo',
    'lineTo',
    'closePath',
    'rect',
    'arc',
    'fill',
    'stroke',
    'fillRect',
    'fillText',
    'strokeRect',
  ],
  'setLineDash',
];

/** Calls in order; those of `fill`, `stroke`, their rectangles and `fillText` end with the colour they draw in. */
export function recorder(): { context: Context; calls: Call[]; count: (name: string) => number } {
  const calls: Call[] = [];
  const properties: Record<string, unknown> = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineJoin: 'miter',
    lineCap: 'butt',
    font: '',
    textBaseline: '',
    measureText: (text: string) => ({ width: 6 * text.length }),
  };
  for (const name of METHODS) {
    properties[name] = (...given: (string | number | number[])[]) => {
      const color = name.startsWith('fill')
        ? properties.fillStyle
        : name.startsWith('stroke')
          ? properties.strokeStyle
          : [];
      calls.push([name, ...given.flat(), ...([color].flat() as string[])]);
    };
  }
  const count = (name: string): number => calls.filter(([called]) => called === name).length;
  return { context: properties as unknown as Context, calls, count };
}
