/** Nothing reaches people that has not gone through the translator. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { makeAnnotation, type Annotation } from '../engine/annotation.js';
import { Editor } from '../engine/editor.js';
import { BINDINGS, DEFAULT_KEYMAP, displayChord, rebind } from '../engine/keys.js';
import { SHAPES } from '../engine/shapes/index.js';
import { engineWords } from './annotator/engine-words.js';
import { HelpOverlay } from './annotator/HelpOverlay.js';
import { KeyList } from './annotator/KeyList.js';
import type { Sitting, SittingState } from './annotator/sitting.js';
import { About, Annotator, DatasetCard, WordsContext, type Words } from './index.js';
import { ENGLISH } from './words.js';

const marked = (text: string) => `⟦${text}⟧`;
const MARKING: Words = {
  __: (...given) => marked(ENGLISH.__(...given)),
  _n: (...given) => marked(ENGLISH._n(...given)),
};

const PRODUCT = 'jupyter-roboflow';
const KEYMAP = rebind(DEFAULT_KEYMAP, 'tool-box', ['q']);
const KEYS = [KEYMAP, DEFAULT_KEYMAP].flatMap((map) => Object.values(map).flat());
const LABELS = ['zelle', 'kern', ...Array.from({ length: 10 }, (_, i) => `kern${String(i)}`)];
const WRITTEN = [PRODUCT, 'zellen', 'bild', 'farbe', 'rot', ...LABELS];
/** What people wrote, names of keys and of the product: nobody translates them. */
const DATA = new Set([...WRITTEN, ...KEYS.map((key) => displayChord(key, false))]);

/** The texts of a page with something in them that is neither marked nor data nor a key. */
function untranslated(html: string): string[] {
  const attributes = [...html.matchAll(/ (?:aria-label|title|placeholder)="([^"]*)"/g)].map(([, text = '']) => text);
  return [...attributes, ...html.split(/<[^>]*>/)].filter((text) =>
    unmarked(text)
      .split(/[\s(),:–]+/)
      .some(isWord),
  );
}

function unmarked(text: string): string {
  const inner = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return inner === text ? text : unmarked(inner);
}

function isWord(piece: string): boolean {
  return /\p{L}/u.test(piece) && !DATA.has(piece);
}

const nothing = () => undefined;
const QUIET: SittingState = {
  ...{ title: 'zellen', count: 3, position: 1, name: 'bild', picture: undefined, loading: true, problem: undefined },
  ...{ saving: 'saved', trouble: undefined, conflict: undefined, addsLabels: true },
};

function sitting(state: Partial<SittingState>, editor = new Editor()): Sitting {
  const addLabel = () => Promise.resolve();
  const all = { ...QUIET, ...state };
  return { editor, state: all, subscribe: () => nothing, show: nothing, retry: nothing, addLabel, resolve: nothing };
}

const point = { kind: 'point', x: 1, y: 1 } as const;
const seen: Annotation = makeAnnotation('a'.repeat(32), 'zelle', point, { farbe: 'rot' });
const proposed = { ...makeAnnotation('b'.repeat(32), 'kern', point), proposal: { score: 0.9, provenance: 'rot' } };

/** An editor with something of everything: labels, a selection, proposals, something to undo, and something said. */
function busy(tool: 'smart' | 'wire' | 'select'): Editor {
  const editor = new Editor();
  editor.setLabels(LABELS.map((name) => ({ name, color: '#e69f00' })));
  editor.open({
    ...{ imageId: '1', size: { width: 9, height: 9 }, annotations: [seen, proposed], imageState: 'labeled' as const },
  });
  editor.select([seen.id]);
  editor.setLabel('kern');
  editor.set({ assists: true, notice: ['No outline: %1', 'rot'] });
  editor.setTool(tool);
  if (tool === 'select') editor.select([seen.id]);
  return editor;
}

const conflict = { ids: [seen.id], mine: [seen], theirs: [] };

const PAGES: readonly (readonly [string, () => ReactNode])[] = [
  ['an image', () => <Annotator trans={MARKING} sitting={sitting({})} />],
  ['a selection', () => <Annotator trans={MARKING} sitting={sitting({ saving: 'saving' }, busy('select'))} />],
  ['outlines', () => <Annotator trans={MARKING} sitting={sitting({ saving: 'unsaved' }, busy('smart'))} />],
  ['edges', () => <Annotator trans={MARKING} sitting={sitting({ saving: 'offline' }, busy('wire'))} />],
  ['a conflict', () => <Annotator trans={MARKING} sitting={sitting({ saving: 'conflict', conflict })} />],
  ['a broken image', () => <Annotator trans={MARKING} sitting={sitting({ problem: ['%1', 'rot'], trouble: 'rot' })} />],
  ['the keys', () => <HelpOverlay editor={withKeymap()} base={DEFAULT_KEYMAP} onClose={nothing} />],
  [
    'a key that is being changed',
    () => {
      const place = { action: 'tool-polygon', chord: 'p' } as const;
      const act = { onChoose: nothing, onChange: nothing };
      return <KeyList keymap={KEYMAP} base={DEFAULT_KEYMAP} place={place} {...act} />;
    },
  ],
  ['a card', () => <DatasetCard summary={{ name: 'zellen', images: 1, seen: 0, labels: [] }} />],
  ['about, alive', () => <About version="1.2.3" health={{ state: 'live' }} />],
  ['about, gone', () => <About version="1.2.3" health={{ state: 'unreachable', reason: 'rot' }} />],
];

function withKeymap(): Editor {
  const editor = new Editor();
  editor.set({ keymap: KEYMAP });
  return editor;
}

describe('through the translator goes every word', () => {
  test.each(PAGES)('of %s', (_, page) => {
    const html = renderToStaticMarkup(<WordsContext.Provider value={MARKING}>{page()}</WordsContext.Provider>);
    expect(html).toContain('⟦');
    expect(untranslated(html)).toEqual([]);
  });

  test('and one that does not is noticed', () => {
    const html = renderToStaticMarkup(<p title="Save">zelle {MARKING.__('of %1', 'x')} Shift+R now</p>);
    expect(untranslated(html)).toEqual(['Save', 'zelle ⟦of x⟧ Shift+R now']);
    expect(untranslated('<p>B Ctrl+Z Enter</p><p>OK</p>')).toEqual(['OK']);
  });
});

/** The source files of a folder but for tests and what is made for them. */
function sources(folder: string): ts.SourceFile[] {
  const here = join(import.meta.dirname, folder);
  return readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|testing/.test(name))
    .map((name) => ts.createSourceFile(name, readFileSync(join(here, name), 'utf8'), ts.ScriptTarget.ES2022, true));
}

/** Whatever of a file's syntax `pick` has a text for. */
function found(file: ts.SourceFile, pick: (node: ts.Node) => string | undefined): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = pick(node);
    if (text !== undefined) texts.push(text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

const SHOWN = /^(aria-label|title|placeholder|alt|name)$/;

/** A text that stands where it is shown: between tags, or in a property that people read. */
function shownText(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return /\p{L}/u.test(node.text.replace(PRODUCT, '')) ? node.text.trim() : undefined;
  if (!ts.isJsxAttribute(node) || !SHOWN.test(node.name.getText())) return undefined;
  const { initializer } = node;
  return initializer && ts.isStringLiteral(initializer) ? initializer.text : undefined;
}

test('no text stands in a component where it is shown', () => {
  const files = sources('.');
  expect(files.length).toBeGreaterThan(25);
  expect(files.flatMap((file) => found(file, shownText))).toEqual([]);
});

describe('whoever translates finds what the engine says', () => {
  const words = new Set(engineWords(ENGLISH));

  test('in its tables', () => {
    const bindings = Object.values(BINDINGS).flatMap(({ title, group }) => [title, group]);
    const titles = Object.values(SHAPES).map(({ title }) => title);
    expect([...bindings, ...titles].filter((text) => !words.has(text))).toEqual([]);
  });

  test('of every edit, and of what stands in its way', () => {
    const sentence = (node: ts.Node) =>
      ts.isStringLiteralLike(node) && /^[A-Z][a-z]+( .*)?$/.test(node.text) ? node.text : undefined;
    const files = sources('../engine').filter(({ fileName }) =>
      /^(tools|shapes)\W|^(commands|editor)\./.test(fileName),
    );
    expect(files.length).toBeGreaterThan(20);
    const said = files.flatMap((file) => found(file, sentence));
    expect(said).toContain('Draw box');
    expect(said.filter((text) => !words.has(text))).toEqual([]);
  });
});
