import type { AnyModel, RenderProps } from '@anywidget/types';
import { createRoot } from 'react-dom/client';
import type { AnnotationBackend } from '../engine/backend.js';
import { closePicture, decode, painted } from '../engine/canvas.js';
import type { Editor } from '../engine/editor.js';
import { IndexedDbJournal } from '../engine/journal-indexeddb.js';
import type { KeyTable } from '../engine/keys.js';
import { MemoryJournal, type Journal } from '../engine/journal.js';
import { retryWhenOnline } from '../engine/online.js';
import { Session } from '../engine/session.js';
import { SessionSitting } from '../ui/annotator/session-sitting.js';
import { Annotator } from '../ui/index.js';
import '../ui/annotator/annotator.css';
import './annotator.css';
import { commDoor } from './comm-backend.js';
import type { Ask } from './door.js';
import { eitherDoor } from './either-door.js';
import { LiveReport } from './live-report.js';
import { hasDataset, restDoor, serverOf, type Place } from './rest-backend.js';
import { followTheme } from './theme.js';
import { WireBackend } from './wire-backend.js';

/** The traits of the Python widget of the same name. */
interface Traits extends Record<string, unknown> {
  image_id: number | null;
  height: number;
  _place: Place;
  _title: string;
  _ids: readonly number[] | null;
  _proposes: boolean;
  /** Whether a model in the kernel finds outlines. */
  _assists: boolean;
  /** Keys for some actions instead of those they have at first. */
  _keys: KeyTable;
  /** Names the static preview that stands in for this view where it is not alive. */
  _key: string;
}

type Model = AnyModel<Traits>;

/** Milliseconds that the components wait for the photo's bytes. */
const HEAD_START = 120;

function render({ model, el }: RenderProps<Traits>): () => void {
  const ends: (() => void)[] = [followTheme(el)];
  el.classList.add('rf-cell');
  const fit = () => {
    el.style.setProperty('--rf-height', `${String(model.get('height'))}px`);
  };
  fit();
  on(model, 'change:height', fit, ends);
  hidePreview(model.get('_key'), el, ends);
  const { sitting, start, decoding } = begin(model, ends);
  start();
  const root = createRoot(el);
  ends.push(() => {
    root.unmount();
  });
  let ended = false;
  ends.push(() => {
    ended = true;
  });
  // The components are made while the photo is decoded elsewhere: made before, they would hold up its bytes.
  void Promise.race([decoding, new Promise((resolve) => setTimeout(resolve, HEAD_START))]).then(() => {
    if (!ended) root.render(<Annotator sitting={sitting} />);
  });
  return () => {
    for (const end of ends.reverse()) end();
  };
}

/** The preview is another output of the cell: it may come later than the view. */
function hidePreview(key: string, el: HTMLElement, ends: (() => void)[]): void {
  const style = document.createElement('style');
  style.textContent = `.rf-preview[data-rf-for="${CSS.escape(key)}"] { display: none; }`;
  const place = el.ownerDocument.head;
  place.append(style);
  ends.push(() => {
    style.remove();
  });
}

interface Begun {
  readonly sitting: SessionSitting;
  readonly start: () => void;
  /** Resolves when the bytes of the first photo are there and being decoded. */
  readonly decoding: Promise<void>;
}

/** What the components need. Who has the images is found out while they are asked for. */
function begin(model: Model, ends: (() => void)[]): Begun {
  const kernel = commDoor(model);
  ends.push(kernel.close);
  const place = model.get('_place');
  const server = serverFor(place);
  const ask = server ? eitherDoor(server.ask, kernel.ask, server.isRight) : kernel.ask;
  const viaKernel = server ? server.isRight.then((yes) => !yes) : Promise.resolve(true);
  const ids = model.get('_ids') ?? undefined;
  const proposes = model.get('_proposes');
  const asks = { proposes, assists: model.get('_assists') };
  const wire = new WireBackend({ ask, kernel: kernel.ask, viaKernel, datasetId: place.id, ids, ...asks });
  const journal = journalFor(
    place,
    viaKernel.then((only) => (only ? undefined : server?.scope)),
  );
  const report: { live?: LiveReport } = {};
  let isDecoding: () => void;
  const decoding = new Promise<void>((resolve) => (isDecoding = resolve));
  const session = new Session({
    backend: reporting(wire, viaKernel, report),
    ...{ journal, closePicture, settled: painted },
    decode: (bytes) => {
      const decoded = decode(bytes);
      isDecoding();
      return decoded;
    },
  });
  report.live = new LiveReport(model, session.editor, { proposes, stored: session.stored, isSaved: session.isSaved });
  ends.push(
    () => report.live?.close(),
    () => {
      session.close();
    },
    retryWhenOnline(session),
  );
  const addLabel = (name: string) => wire.addLabel(name);
  const sitting = new SessionSitting({ session, title: model.get('_title'), addLabel, keys: model.get('_keys') });
  const start = () => {
    followImage(model, session, ends);
    session.editor.set({ readOnly: place.role === 'viewer' });
    const first = model.get('image_id');
    void session.start(first === null ? undefined : String(first));
    loadLabels(wire, session.editor, ends);
  };
  return { sitting, start, decoding };
}

/** Milliseconds after which labels that did not come are asked for again. */
const AGAIN = 3000;

/** The labels, asked for until they come: without them nothing can be drawn. */
function loadLabels(wire: WireBackend, editor: Editor, ends: (() => void)[]): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const load = () => {
    wire.labels().then(
      (labels) => {
        editor.setLabels(labels);
      },
      (error: unknown) => {
        editor.set({
          notice: `The labels have not come yet: ${error instanceof Error ? error.message : String(error)}`,
        });
        timer = setTimeout(load, AGAIN);
      },
    );
  };
  ends.push(() => {
    clearTimeout(timer);
  });
  load();
}

function serverFor(place: Place): { ask: Ask; scope: string; isRight: Promise<boolean> } | undefined {
  const found = place.kind === 'dataset' ? serverOf(document, location.href) : undefined;
  if (found === undefined) return undefined;
  const ask = restDoor(found, document, fetch.bind(globalThis));
  return { ask, scope: found.api, isRight: hasDataset(ask, place) };
}

/** Loose pictures live as long as the kernel: what is kept of them in the browser would meet others later. */
function journalFor(place: Place, server: Promise<string | undefined>): Journal {
  if (place.kind !== 'dataset') return new MemoryJournal();
  const { owner, id, created_at } = place;
  const scope = server.then((api) => [api ?? location.host, owner, id, created_at].join(' '));
  return new IndexedDbJournal(scope, indexedDB);
}

/** Where the kernel has no part in saves, it is told of them. */
function reporting(wire: WireBackend, viaKernel: Promise<boolean>, report: { live?: LiveReport }): AnnotationBackend {
  return {
    images: () => wire.images(),
    load: (imageId) => wire.load(imageId),
    picture: (imageId) => wire.picture(imageId),
    assistant: wire.assistant,
    save: async (imageId, request) => {
      const saved = await wire.save(imageId, request);
      if (!(await viaKernel)) report.live?.saved(imageId, request, saved);
      return saved;
    },
  };
}

/** The image on show and the trait follow each other; where both changed, what Python asks for is shown. */
function followImage(model: Model, session: Session, ends: (() => void)[]): void {
  let known = String(model.get('image_id'));
  let opening = 0;
  const opened = () => {
    opening--;
    follow();
  };
  const follow = () => {
    const { current } = session.state;
    const wanted = String(model.get('image_id'));
    if (current === undefined) return;
    if (wanted !== known && wanted !== 'null') {
      known = wanted;
      opening++;
      // An image that is none of these changes nothing: then the trait follows back.
      session.open(wanted).then(opened, opened);
    } else if (opening === 0 && current.id !== known && session.state.status !== 'loading') {
      // A kernel that is told has JupyterLab show it as busy: not before the image is there to be seen.
      void painted().then(told);
    }
  };
  const told = () => {
    const { current } = session.state;
    if (current === undefined || current.id === known || String(model.get('image_id')) !== known) return;
    known = current.id;
    tell(model, Number(current.id));
  };
  on(model, 'change:image_id', follow, ends);
  ends.push(session.subscribe(follow));
}

function tell(model: Model, imageId: number): void {
  model.set('image_id', imageId);
  try {
    model.save_changes();
  } catch {
    // The kernel has ended: the images go on being shown without it.
  }
}

function on(model: Model, event: `change:${string}`, act: () => void, ends: (() => void)[]): void {
  model.on(event, act);
  ends.push(() => {
    model.off(event, act);
  });
}

export default { render };
