import { createElement } from 'preact';
import { expect, test } from 'vitest';
import './react.js';

const change = () => undefined;

function props(type: string, given: Record<string, unknown>) {
  return Object.keys(createElement(type, given).props);
}

test('what is typed into tells of every key, as in React; what is switched tells when it is switched', () => {
  expect(props('input', { onChange: change })).toEqual(['onInput']);
  expect(props('input', { type: 'range', onChange: change })).toEqual(['type', 'onInput']);
  expect(props('input', { type: 'checkbox', onChange: change })).toEqual(['type', 'onChange']);
  expect(props('select', { onChange: change })).toEqual(['onChange']);
});

test('numbers in a style are pixels, but in custom properties', () => {
  const { style } = createElement('li', { style: { top: 26, color: 'red', '--rf-digits': 3 } as never }).props as never;
  expect(style).toEqual({ top: '26px', color: 'red', '--rf-digits': 3 });
});
