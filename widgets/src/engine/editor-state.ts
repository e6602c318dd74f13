/** What an editor holds at one moment: immutable, replaced as a whole. */
import type { Annotation } from './annotation.js';
import type { Question } from './assistant.js';
import { fit, type Camera } from './camera.js';
import { EMPTY, type Document, type Ids } from './document.js';
import { begin, type History } from './history.js';
import { DEFAULT_KEYMAP, type Keymap } from './keys.js';
import type { Said } from './said.js';
import type { Size, XY } from './shapes/shape.js';
import { TOOLS, type ToolId } from './tools/index.js';
import type { Guide } from './guide.js';
import type { Pointing, ToolState } from './tools/tool.js';

/** What is known of an image's annotations: nobody looked, looked and nothing there, drawn, checked. */
export type ImageState = 'unlabeled' | 'empty' | 'labeled' | 'reviewed';

export interface Label {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
}

export interface OpenImage {
  readonly imageId: string;
  readonly size: Size;
  readonly annotations: readonly Annotation[];
  readonly imageState: ImageState;
}

/** What undo and redo go through. */
export interface Page {
  readonly document: Document;
  readonly imageState: ImageState;
}

export interface View {
  readonly hiddenLabels: ReadonlySet<string>;
  readonly hideAll: boolean;
  /** Of the areas' fill, 0 to 1. */
  readonly opacity: number;
  /** Of the photo; 1 is as it is. */
  readonly brightness: number;
  readonly contrast: number;
  readonly crosshair: boolean;
  /** Whether labels are written beside shapes. */
  readonly texts: boolean;
  /** Proposals with a lower score are not shown. */
  readonly threshold: number;
  /** What a drag means to the tool that finds outlines. */
  readonly pointing: Pointing;
}

export interface EditorState extends Page {
  /** What identifies the image, or undefined while none is open. */
  readonly imageId: string | undefined;
  readonly image: Size;
  readonly history: History<Page>;
  readonly selection: Ids;
  readonly hover: string | undefined;
  readonly tool: ToolId;
  readonly toolState: ToolState;
  readonly draft: readonly Annotation[];
  readonly guide: Guide | undefined;
  /** What the tool waits to be told. */
  readonly question: Question | undefined;
  /** Whether somebody answers questions: tools that ask are of use. */
  readonly assists: boolean;
  /** A CSS cursor. */
  readonly cursor: string;
  readonly camera: Camera;
  /** CSS pixels. */
  readonly viewport: Size;
  readonly labels: readonly Label[];
  /** What is drawn gets this label; undefined while there are none. */
  readonly label: string | undefined;
  readonly lastLabel: string | undefined;
  readonly keymap: Keymap;
  readonly view: View;
  /** Where the pointer is, CSS pixels. */
  readonly pointer: XY | undefined;
  /** Whether pointers pan whatever the tool: the space bar is held. */
  readonly panning: boolean;
  readonly clipboard: readonly Annotation[];
  /** What was on the image before, to be repeated. */
  readonly previous: readonly Annotation[];
  readonly readOnly: boolean;
  /** Something to tell the person once. */
  readonly notice: Said | undefined;
}

const NO_SIZE: Size = { width: 1, height: 1 };

export const INITIAL: EditorState = {
  imageId: undefined,
  image: NO_SIZE,
  document: EMPTY,
  imageState: 'unlabeled',
  history: begin<Page>({ document: EMPTY, imageState: 'unlabeled' }),
  selection: [],
  hover: undefined,
  tool: 'select',
  toolState: TOOLS.select.idle,
  draft: [],
  guide: undefined,
  question: undefined,
  assists: false,
  cursor: TOOLS.select.cursor,
  camera: fit(NO_SIZE, NO_SIZE),
  viewport: NO_SIZE,
  labels: [],
  label: undefined,
  lastLabel: undefined,
  keymap: DEFAULT_KEYMAP,
  view: {
    hiddenLabels: new Set(),
    hideAll: false,
    opacity: 0.2,
    brightness: 1,
    contrast: 1,
    crosshair: true,
    texts: true,
    threshold: 0,
    pointing: 'box',
  },
  pointer: undefined,
  panning: false,
  clipboard: [],
  previous: [],
  readOnly: false,
  notice: undefined,
};

/** Whether an annotation is not shown. */
export function isHidden({ hidden, label, proposal }: Annotation, view: View): boolean {
  if (hidden || view.hideAll || view.hiddenLabels.has(label)) return true;
  return proposal !== undefined && proposal.score < view.threshold;
}

/** A page after its document changed; its state follows as the server's does. */
export function pageWith(page: Page, document: Document): Page {
  if (document === page.document) return page;
  const drawn = document.some((annotation) => annotation.proposal === undefined);
  const had = page.document.some((annotation) => annotation.proposal === undefined);
  const { imageState } = page;
  if (imageState === 'reviewed' || drawn === had) return { document, imageState };
  return { document, imageState: drawn ? 'labeled' : 'unlabeled' };
}
