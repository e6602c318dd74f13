// Bundles each view into one ES module beside its Python class. `node widgets/build.mjs [--watch]`
//
// A view's code is synced to the browser as widget state, so its size counts: React is Preact here (a tenth of the bytes),
// while in the JupyterLab extension it is the React that JupyterLab brings along.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const views = join(here, 'src', 'views');
const outdir = join(here, '..', 'jupyter_roboflow', 'widgets', 'static');
const watching = process.argv.includes('--watch');

const options = {
  entryPoints: readdirSync(views)
    .filter((name) => name.endsWith('.tsx') && !name.includes('.test.'))
    .map((name) => join(views, name)),
  outdir,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: !watching,
  sourcemap: watching ? 'inline' : false,
  legalComments: 'none',
  jsx: 'automatic',
  alias: {
    'react-dom/client': 'preact/compat/client',
    'react/jsx-runtime': 'preact/jsx-runtime',
    react: 'preact/compat',
    'react-dom': 'preact/compat',
  },
  logLevel: 'warning',
};

if (watching) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  rmSync(outdir, { recursive: true, force: true });
  const result = await esbuild.build({ ...options, metafile: true });
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    console.log(`${file}  ${(bytes / 1024).toFixed(1)} KB`);
  }
}
