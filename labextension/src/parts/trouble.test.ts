import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { RestError } from '../rest.js';
import { refusalOf } from './rights.js';
import { describe as told, isLoggedOut } from './trouble.js';

const trans = nullTranslator.load('jupyter_roboflow');

test('a login that is over says so, and that the work is kept', () => {
  const error = new RestError(401, 'not_authenticated', 'Nobody is logged in.');
  expect(isLoggedOut(error)).toBe(true);
  expect(told(error, trans)).toContain('Log in again');
});

test('a server that is gone is told from one that refuses', () => {
  expect(told(new RestError(502, 'http_502', 'Bad Gateway'), trans)).toContain('does not answer');
  expect(told(new RestError(403, 'not_allowed', 'Ask an admin.'), trans)).toBe('Ask an admin.');
});

test('roles say what one may not, and whom to ask', () => {
  const may = (['viewer', 'annotator', 'admin', 'owner'] as const).map((role) =>
    (['annotate', 'manage', 'own'] as const).filter((right) => refusalOf(right, role, trans) === undefined).join(' '),
  );
  expect(may).toEqual(['', 'annotate', 'annotate manage', 'annotate manage own']);
  expect(refusalOf('manage', 'viewer', trans)).toBe('You are viewer in this dataset. Ask its owner for more.');
});
