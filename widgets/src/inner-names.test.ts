/** Properties whose names a bundle shortens: nobody else may know them by their names. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import names from './inner-names.json' with { type: 'json' };

const here = import.meta.dirname;

function visit(file: string, see: (node: ts.Node) => void): void {
  const { ES2022 } = ts.ScriptTarget;
  const walk = (node: ts.Node): void => {
    see(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, readFileSync(file, 'utf8'), ES2022, true));
}

/** Source files that end up in a bundle, in some folders. */
function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(here, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|testing|\.d\.ts$/.test(name))
      .map((name) => join(here, folder, name)),
  );
}

/** The properties that files declare or write down, in interfaces and objects. */
function properties(files: readonly string[], counts: (node: ts.Node) => boolean): Set<string> {
  const found = new Set<string>();
  for (const file of files) {
    visit(file, (node) => {
      const named = ts.isPropertySignature(node) || ts.isPropertyAssignment(node);
      const isOne = named || ts.isMethodSignature(node) || ts.isShorthandPropertyAssignment(node);
      if (isOne && counts(node.parent)) found.add(node.name.getText());
    });
  }
  return found;
}

/** Whether something belongs to a type that says what is sent or what Python has. */
function isOnTheWay(node: ts.Node): boolean {
  const isDeclared = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return isDeclared
    ? /^(Wire\w+|Traits|Proposal|Changes|Prompt)$/.test(node.name.text)
    : !ts.isSourceFile(node) && isOnTheWay(node.parent);
}

/** What is sent, told to Python or kept by the browser is known by its names. */
const OUTSIDE = ['engine/journal.ts', 'engine/backend.ts', 'engine/one-change.ts', 'engine/shapes/geometry/wire.ts'];
const PARTLY = ['engine/annotation.ts', 'engine/shapes/shape.ts', 'engine/merge.ts', 'engine/assistant.ts'];

describe('names that a bundle shortens', () => {
  test('are no names of the browser', () => {
    const library = dirname(createRequire(import.meta.url).resolve('typescript'));
    const known = new Set<string>();
    for (const part of ['dom', 'es5', 'es2015.core', 'es2022.array', 'es2022.object']) {
      visit(join(library, `lib.${part}.d.ts`), (node) => {
        const { name } = node as { name?: ts.Node };
        if (name !== undefined && ts.isIdentifier(name)) known.add(name.text);
      });
    }
    expect(known.has('querySelector')).toBe(true);
    expect(names.filter((name) => known.has(name))).toEqual([]);
  });

  test('are nowhere asked for by a text', () => {
    const texts = new Set<string>();
    for (const file of sources('engine', 'ui', 'views', 'preact')) {
      visit(file, (node) => {
        if (ts.isStringLiteralLike(node) && !ts.isLiteralTypeNode(node.parent)) texts.add(node.text);
      });
    }
    expect(texts.has('brightness')).toBe(true);
    expect(names.filter((name) => texts.has(name))).toEqual([]);
  });

  test('are not sent, not told to Python and not kept', () => {
    const told = sources('views').filter((file) => !file.endsWith('annotator.tsx'));
    const outside = properties([...OUTSIDE.map((name) => join(here, name)), ...told], () => true);
    const partly = [...PARTLY, 'views/annotator.tsx'].map((name) => join(here, name));
    const wire = properties(partly, isOnTheWay);
    for (const name of ['revision', 'score', 'image_id']) expect([...outside, ...wire]).toContain(name);
    expect(names.filter((name) => outside.has(name) || wire.has(name))).toEqual([]);
  });
});
