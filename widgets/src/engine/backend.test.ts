import { expect, test } from 'vitest';
import { describeHealth } from './backend.js';

test('a health reads as one sentence', () => {
  expect(describeHealth({ state: 'live' })).toBe('The server extension is running.');
  expect(describeHealth({ state: 'unreachable', reason: '503' })).toContain('503');
});
