// Bundles each view into one ES module beside its Python class. `node widgets/build.mjs [--watch]`
//
// A view's code is synced to the browser as widget state, so its size counts: React is Preact here (a tenth of the bytes),
// while in the JupyterLab extension it is the React that JupyterLab brings along. What esbuild has bundled, SWC makes
// 3 % smaller.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { experiments } from '@rspack/core';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const views = join(here, 'src', 'views');
const outdir = join(here, '..', 'jupyter_roboflow', 'widgets', 'static');
const watching = process.argv.includes('--watch');

const options = {
  entryPoints: ['annotator.tsx', 'dataset-card.tsx', 'kept-view.ts'].map((name) => join(views, name)),
  outdir,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: !watching,
  sourcemap: watching ? 'inline' : false,
  legalComments: 'none',
  jsx: 'automatic',
  alias: {
    'react-dom/client': join(here, 'src', 'preact', 'client.ts'),
    'react/jsx-runtime': 'preact/jsx-runtime',
    react: join(here, 'src', 'preact', 'react.ts'),
  },
  logLevel: 'warning',
};

if (watching) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await esbuild.build({ ...options, metafile: true });
  for (const file of Object.keys(metafile.outputs)) {
    if (file.endsWith('.js')) await shrink(file);
    console.log(`${file}  ${(statSync(file).size / 1024).toFixed(1)} KB`);
  }
}

async function shrink(file) {
  const compress = { ecma: 2022, passes: 3, unsafe_arrows: true };
  const settings = { module: true, ecma: 2022, compress, mangle: { toplevel: true } };
  writeFileSync(file, (await experiments.swc.minify(readFileSync(file, 'utf8'), settings)).code);
}
