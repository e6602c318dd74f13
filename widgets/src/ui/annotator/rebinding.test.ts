import { describe, expect, test } from 'vitest';
import { bind, chordFrom, collisions, DEFAULT_KEYMAP, differences, rebind, withKeys } from '../../engine/keys.js';
import { testEditor } from '../../engine/testing/editor.js';
import { keepKeys, ownKeys, type KeyStorage } from './own-keys.js';
import { asAtFirst, rebound, unbound } from './rebinding.js';

const KEYS = DEFAULT_KEYMAP;

function storage(text?: string): KeyStorage & { kept: Map<string, string> } {
  const kept = new Map(text === undefined ? [] : [['jupyter-roboflow:keys', text]]);
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => {
      kept.set(name, value);
    },
    removeItem: (name) => {
      kept.delete(name);
    },
  };
}

describe('another key', () => {
  test('takes the place of the old one', () => {
    const answer = rebound(KEYS, { action: 'delete', chord: 'Delete' }, 'u');
    expect(answer).toMatchObject({ kind: 'done', keymap: { delete: ['u', 'Backspace'] } });
  });

  test('is added where none is replaced', () => {
    expect(rebound(KEYS, { action: 'lock', chord: undefined }, 'u')).toMatchObject({ keymap: { lock: ['l', 'u'] } });
  });

  test('that means something else is told, and taken from there when the person says so', () => {
    const answer = rebound(KEYS, { action: 'hide', chord: 'h' }, 'b');
    expect(answer).toMatchObject({ kind: 'taken', by: ['tool-box'] });
    if (answer.kind !== 'taken') throw new Error(answer.kind);
    expect(answer.keymap).toMatchObject({ hide: ['b'], 'tool-box': [] });
    expect(collisions(answer.keymap)).toEqual([]);
  });

  test('that means something else only with a selection is no conflict', () => {
    const freed = unbound(KEYS, { action: 'image-next-arrow', chord: 'ArrowRight' });
    expect(rebound(freed, { action: 'image-next-arrow', chord: undefined }, 'ArrowUp').kind).toBe('done');
    expect(rebound(KEYS, { action: 'lock', chord: 'l' }, 'ArrowUp')).toMatchObject({ kind: 'taken', by: ['nudge-up'] });
  });

  test.each(['Mod+s', 'Mod+w', 'F5', 'Shift+Enter'])('%s stays the browser’s or Jupyter’s', (chord) => {
    expect(rebound(KEYS, { action: 'hide', chord: 'h' }, chord)).toEqual({ kind: 'reserved' });
  });

  test('the same key again changes nothing', () => {
    expect(rebound(KEYS, { action: 'hide', chord: 'h' }, 'h')).toEqual({ kind: 'done', keymap: KEYS });
  });

  test('and back: an action gets the keys it had, from whatever has them now', () => {
    const changed = bind(rebind(KEYS, 'tool-box', ['q']), 'hide', 'b');
    const back = asAtFirst(changed, KEYS, 'tool-box');
    expect(back).toMatchObject({ 'tool-box': ['b'], hide: ['h'] });
    expect(collisions(back)).toEqual([]);
  });
});

describe('a table of keys', () => {
  test('goes over those there are at first', () => {
    const keymap = withKeys(KEYS, { 'tool-box': ['q'], undo: ['ctrl+z', 'Cmd+Shift+u'], nonsense: ['z'] });
    expect(keymap).toMatchObject({ 'tool-box': ['q'], undo: ['Mod+z', 'Mod+Shift+U'] });
    const e = testEditor();
    e.editor.set({ keymap });
    expect(e.key('q').editor.state.tool).toBe('box');
    expect(e.press('b')).toBe(false);
  });

  test('takes keys from other actions, and leaves the browser its own', () => {
    const keymap = withKeys(KEYS, { hide: ['b', 'Mod+s'], lock: ['l', 'b'] });
    expect(keymap).toMatchObject({ hide: [], lock: ['l', 'b'], 'tool-box': [] });
    expect(collisions(keymap)).toEqual([]);
  });

  test('whatever is in it, no key means two things', () => {
    const chords = ['a', 'b', 'Shift+B', 'Mod+s', '1', 'Space', 'ArrowLeft', '?', 'Mod+z'];
    for (let seed = 0; seed < 40; seed++) {
      const table = Object.fromEntries(
        Object.keys(KEYS).map((action, i) => [action, [chords[(i * 7 + seed * 3) % 9] ?? 'a', 'x']]),
      );
      expect(collisions(withKeys(KEYS, table))).toEqual([]);
    }
  });

  test.each([
    ['q', 'q'],
    ['Q', 'q'],
    ['shift+q', 'Shift+Q'],
    ['Ctrl+Shift+z', 'Mod+Shift+Z'],
    ['space', 'Space'],
    ['Control+3', 'Mod+3'],
    ['+', '+'],
    ['Alt+ArrowUp', 'Alt+ArrowUp'],
  ])('%s is %s', (text, chord) => {
    expect(chordFrom(text)).toBe(chord);
  });
});

describe('changed keys', () => {
  test('are there again in another annotator', () => {
    const place = storage();
    keepKeys(rebind(KEYS, 'tool-box', ['q']), KEYS, place);
    expect(ownKeys(place)).toEqual({ 'tool-box': ['q'] });
    expect(withKeys(KEYS, ownKeys(place))['tool-box']).toEqual(['q']);
  });

  test('that are as at first again are kept nowhere', () => {
    const place = storage();
    keepKeys(rebind(KEYS, 'tool-box', ['q']), KEYS, place);
    keepKeys(KEYS, KEYS, place);
    expect(place.kept.size).toBe(0);
  });

  test('of a host are not kept as the person’s own', () => {
    const [place, host] = [storage(), withKeys(KEYS, { 'tool-box': ['q'] })];
    keepKeys(rebind(host, 'lock', ['u']), host, place);
    expect(ownKeys(place)).toEqual({ lock: ['u'] });
    expect(differences(host, KEYS)).toEqual({ 'tool-box': ['q'] });
  });

  test.each(['not json', '[1]', 'null', '{"lock": 7, "hide": ["u"]}', '"x"'])('kept as %s do no harm', (text) => {
    const found = ownKeys(storage(text));
    expect(found).toEqual(text.includes('hide') ? { hide: ['u'] } : {});
  });

  test('a browser that keeps nothing goes on', () => {
    const refuses = (): never => {
      throw new Error('denied');
    };
    const closed = { getItem: refuses, setItem: refuses, removeItem: refuses };
    expect(ownKeys(closed)).toEqual({});
    keepKeys(rebind(KEYS, 'lock', ['u']), KEYS, closed);
  });
});
