export {
  accepted,
  annotationFromWire,
  annotationToWire,
  makeAnnotation,
  makeAnnotationId,
  proposalFromWire,
  sameContent,
  type Annotation,
  type Json,
  type JsonObject,
  type Proposal,
  type WireAnnotation,
  type WireProposal,
} from './annotation.js';
export type { Assistant, Prompt } from './assistant.js';
export {
  BackendError,
  type AnnotationBackend,
  type AnnotationSet,
  type Backend,
  type BackendErrorKind,
  type Health,
  type ImageList,
  type ImageRef,
  type SavedSet,
  type SaveRequest,
} from './backend.js';
export { toImage, toScreen, type Camera } from './camera.js';
export { AnnotatorCanvas, closePicture, decode } from './canvas.js';
export { type Ask, type Change } from './commands.js';
export {
  find,
  pickFrom,
  relabel,
  remove,
  reorder,
  setAttributes,
  setFlags,
  type Document,
  type Edit,
  type Ids,
  type Order,
} from './document.js';
export { Editor, type Settings } from './editor.js';
export { isHidden, type EditorState, type ImageState, type Label, type OpenImage, type View } from './editor-state.js';
export { IndexedDbJournal } from './journal-indexeddb.js';
export { MemoryJournal, type Journal, type JournalEntry } from './journal.js';
export {
  ACTIONS,
  bind,
  BINDINGS,
  chordOf,
  collisions,
  DEFAULT_KEYMAP,
  differences,
  displayChord,
  rebind,
  usersOf,
  withKeys,
  type ActionId,
  type Binding,
  type Chord,
  type Collision,
  type KeyTable,
  type Keymap,
} from './keys.js';
export { type Changes, type Resolution } from './merge.js';
export { saveOneOr, type OneSaved } from './one-change.js';
export { colorAt, PALETTE, textOn } from './palette.js';
export { type Picture } from './picture.js';
export { type Conflict, type SaveState } from './saver.js';
export { retryWhenOnline } from './online.js';
export { Session, type SessionOptions, type SessionState } from './session.js';
export { areaOf, boundsOf, isEditable, SHAPES, type Shape } from './shapes/index.js';
export { type Bounds, type Size, type XY } from './shapes/shape.js';
export { annotationCount, progress, type DatasetSummary, type LabelCount } from './summary.js';
export { TOOLS, type ToolId } from './tools/index.js';
