import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, test } from 'vitest';
import { Api } from '../api.js';
import { Rest } from '../rest.js';
import { batchesOf } from './batches.js';
import { kindOf, picturesOf, type DroppedFile } from './dropped-files.js';
import { countsOf, Upload } from './upload.js';

const dropped = (...paths: string[]): DroppedFile[] => paths.map((path) => ({ path, file: new File(['1234'], path) }));
const settings = ServerConnection.makeSettings({ baseUrl: 'http://localhost:8888/' });
const item = (filename: string, more: object = {}) => ({ filename, known: false, image: null, error: null, ...more });

function uploadOf(files: DroppedFile[], answers: (() => Response | Error)[]): Upload {
  const rest = new Rest(settings, () => {
    const answer = answers.shift()?.() ?? new Error('nobody there');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return new Upload(new Api(rest), 1, files, () => undefined, 0);
}

describe('an upload', () => {
  test('says of every file what became of it', async () => {
    const items = [
      item('a.jpg'),
      item('b.jpg', { known: true }),
      item('c.jpg', { error: { message: 'Not an image.' } }),
    ];
    const upload = uploadOf(dropped('a.jpg', 'b.jpg', 'c.jpg'), [() => Response.json({ items }, { status: 207 })]);
    await upload.run();
    expect(upload.get().files).toMatchObject([
      { state: 'added' },
      { state: 'known' },
      { state: 'failed', reason: 'Not an image.' },
    ]);
    expect(countsOf(upload.get())).toEqual({ total: 3, done: 3, added: 1, known: 1, failed: 1, share: 1 });
  });

  test('tries again when the server is away for a moment', async () => {
    const answers = [
      () => new Error('refused'),
      () => new Response('', { status: 503 }),
      () => Response.json(item('a.jpg')),
    ];
    const upload = uploadOf(dropped('a.jpg'), answers);
    await upload.run();
    expect(upload.get()).toMatchObject({ over: true, files: [{ state: 'added' }] });
  });

  test('gives up on a server that stays away, and says why', async () => {
    const upload = uploadOf(dropped('a.jpg'), []);
    await upload.run();
    expect(upload.get().files[0]).toMatchObject({ state: 'failed', reason: { message: 'nobody there' } });
  });

  test('does not try again what is refused', async () => {
    const refusal = () => Response.json({ error: { code: 'not_allowed', message: 'You may not.' } }, { status: 403 });
    const upload = uploadOf(dropped('a.jpg'), [refusal, () => Response.json(item('a.jpg'))]);
    await upload.run();
    expect(upload.get().files[0]).toMatchObject({ state: 'failed', reason: { message: 'You may not.' } });
  });

  test('stops when told, and what is not sent says so', async () => {
    const upload = uploadOf(dropped('a.jpg'), []);
    upload.stop();
    await upload.run();
    expect(upload.get().files[0]?.state).toBe('stopped');
  });
});

describe('requests', () => {
  test('carry many small files or one big one, in order', () => {
    const sizes = [...Array<number>(30).fill(1000), 50_000_000, 1000];
    const batches = batchesOf(sizes.map((bytes) => ({ bytes })));
    expect(batches.map((batch) => batch.length)).toEqual([24, 6, 1, 1]);
    expect(batches.flat().map(({ bytes }) => bytes)).toEqual(sizes);
  });
});

describe('a drop', () => {
  test('of one zip or one COCO file is a dataset, of anything else pictures', () => {
    expect(['a.zip', 'a.json', 'a.jpg'].map((path) => kindOf(dropped(path)))).toEqual([
      'dataset',
      'dataset',
      'pictures',
    ]);
    expect(kindOf(dropped('a.zip', 'b.jpg'))).toBe('pictures');
    expect(kindOf([])).toBe('nothing');
  });

  test('sends pictures, counts what is none, and leaves out what systems hide', () => {
    const { pictures, others } = picturesOf(
      dropped('d/a.JPG', 'd/b.txt', 'd/.DS_Store', '__MACOSX/d/a.jpg', 'Thumbs.db'),
    );
    expect(pictures.map(({ path }) => path)).toEqual(['d/a.JPG']);
    expect(others).toBe(1);
  });
});

describe('ten thousand files at once, a hundred of them broken', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `${String(n)}.jpg`);
  const isBroken = (name: string) => Number.parseInt(name) % 100 === 7;

  test('are all sent, few requests at a time, and each broken one says why', async () => {
    let [now, most, requests] = [0, 0, 0];
    const rest = new Rest(settings, async (_, init) => {
      requests++;
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      const sent = (init.body as FormData).getAll('file') as File[];
      const items = sent.map(({ name }) =>
        item(name, isBroken(name) ? { error: { message: `${name} is broken.` } } : {}),
      );
      return Response.json({ items }, { status: 207 });
    });
    const upload = new Upload(new Api(rest), 1, dropped(...names), () => undefined, 0);
    await upload.run();
    expect(countsOf(upload.get())).toMatchObject({ total: 10_000, added: 9_900, failed: 100, share: 1 });
    expect(upload.get().files[107]).toMatchObject({ state: 'failed', reason: '107.jpg is broken.' });
    expect(requests).toBe(Math.ceil(10_000 / 24));
    expect(most).toBeLessThanOrEqual(3);
  });
});
