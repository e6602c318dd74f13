import { expect, test } from 'vitest';
import {
  accepted,
  annotationFromWire,
  annotationToWire,
  changed,
  makeAnnotationId,
  proposalFromWire,
  sameContent,
  type WireAnnotation,
} from './annotation.js';

const wire: WireAnnotation = {
  id: '0'.repeat(32),
  label: 'cell <b>🦠</b>',
  shape_type: 'bbox',
  geometry: { bbox: [1, 2, 3, 4], coords_unit: 'px' },
  attributes: { occluded: true, notes: ['a', { b: null }] },
};

test('ids are 32 hex digits and sort by age', () => {
  const [older, newer] = [makeAnnotationId(1_700_000_000_000), makeAnnotationId(1_700_000_000_001)];
  expect(older).toMatch(/^[0-9a-f]{32}$/);
  expect(older < newer).toBe(true);
  expect(makeAnnotationId(5)).not.toBe(makeAnnotationId(5));
});

test('an annotation comes and goes unchanged, whatever its label', () => {
  expect(annotationToWire(annotationFromWire(wire))).toEqual(wire);
});

test('the order of attributes and what is hidden do not make it another', () => {
  const one = annotationFromWire(wire);
  const other = annotationFromWire({ ...wire, attributes: { notes: ['a', { b: null }], occluded: true } });
  expect(sameContent(one, changed(other, { hidden: true }))).toBe(true);
  expect(sameContent(one, changed(one, { label: 'x' }))).toBe(false);
  expect(sameContent(one, changed(one, { attributes: {} }))).toBe(false);
  expect(sameContent(one, changed(one, { shape: { kind: 'point', x: 1, y: 2 } }))).toBe(false);
});

test('an accepted proposal remembers who proposed it', () => {
  const proposal = proposalFromWire({ ...wire, score: 0.9, provenance: 'my_model' });
  expect(proposal.proposal).toEqual({ score: 0.9, provenance: 'my_model' });
  const taken = accepted(proposal);
  expect(taken.proposal).toBeUndefined();
  expect(taken.attributes).toEqual({ ...wire.attributes, proposed_by: 'my_model', score: 0.9 });
  expect(accepted(taken)).toBe(taken);
});
