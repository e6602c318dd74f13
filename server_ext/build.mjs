// Puts what the page `docs` shows of others beside the server: Swagger UI, with its licence. `node server_ext/build.mjs`
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const into = join(dirname(fileURLToPath(import.meta.url)), 'jupyter_roboflow_server', 'static');

rmSync(into, { recursive: true, force: true });
mkdirSync(into);
for (const name of [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
]) {
  copyFileSync(join(from, name), join(into, name));
}
