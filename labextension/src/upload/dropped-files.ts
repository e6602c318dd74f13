/** The files of a drop or a file chooser, folders and all, each with its path from the top. */

export interface DroppedFile {
  readonly file: File;
  /** Such as `train/a.jpg`; the name alone for a file that was not in a folder. */
  readonly path: string;
}

/**
 * Everything in a drop. To be called while the event is handled: browsers forget the rest afterwards. `onSeen` is told
 * how many there are so far; thousands take seconds.
 */
export async function filesOfDrop(transfer: DataTransfer, onSeen?: (count: number) => void): Promise<DroppedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ file, path: file.name }));
  let count = 0;
  const seen = (more: number) => onSeen?.((count += more));
  const found = await Promise.all(entries.map((entry) => filesOf(entry, seen)));
  return found.flat();
}

export function filesOfChooser(files: FileList): DroppedFile[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

async function filesOf(entry: FileSystemEntry, seen: (more: number) => void): Promise<DroppedFile[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ file, path }];
  }
  const entries = await entriesOf(entry as FileSystemDirectoryEntry, seen);
  const inside = entries.sort((a, b) => BY_NAME.compare(a.name, b.name));
  const found: DroppedFile[] = [];
  for (let at = 0; at < inside.length; at += AT_ONCE) {
    const some = await Promise.all(inside.slice(at, at + AT_ONCE).map((child) => filesOf(child, seen)));
    found.push(...some.flat());
  }
  return found;
}

/** Files that are opened at once: one after another takes four times as long, thousands together stop the page. */
const AT_ONCE = 1000;

/** Browsers give a folder in any order. */
const BY_NAME = new Intl.Collator(undefined, { numeric: true });

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** A browser gives a hundred entries at a time until it gives none. */
async function entriesOf(folder: FileSystemDirectoryEntry, seen: (more: number) => void): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
    seen(some.length);
  }
}

const PICTURES = /\.(jpe?g|jfif|png|bmp|webp|tiff?|gif|avif|heic|heif)$/i;
const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/;

/** Whether a path is that of a picture that somebody meant to add. */
export function isPicture(path: string): boolean {
  return PICTURES.test(path) && !HIDDEN.test(path);
}

export type DropKind = 'nothing' | 'pictures' | 'dataset';

/** What a drop looks like: pictures to add, or a dataset to import (one zip or COCO file). */
export function kindOf(files: readonly DroppedFile[]): DropKind {
  if (files.length === 0) return 'nothing';
  const one = files.length === 1 ? files[0] : undefined;
  return one && /\.(zip|json)$/i.test(one.path) ? 'dataset' : 'pictures';
}

/** What is worth sending, and how many files are not pictures: they are counted, not sent. */
export function picturesOf(files: readonly DroppedFile[]): { pictures: DroppedFile[]; others: number } {
  const seen = files.filter(({ path }) => !HIDDEN.test(path));
  const pictures = seen.filter(({ path }) => PICTURES.test(path));
  return { pictures, others: seen.length - pictures.length };
}
