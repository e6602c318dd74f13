/** The files in a zip, read in the browser: for zips of plain pictures, which are no dataset in any format. */
import type { DroppedFile } from './dropped-files.js';

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
/** Bigger ones are unpacked on a computer, not in a page. */
export const LARGEST_ZIP = 2 ** 31;

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly offset: number;
}

/** Every file in it that `wanted` says yes to, unpacked one after another; an Error when it is no such zip. */
export async function filesOfZip(zip: File, wanted: (path: string) => boolean): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  for (const entry of await entriesOf(zip)) {
    if (entry.path.endsWith('/') || !wanted(entry.path)) continue;
    const bytes = await unpacked(zip, entry);
    files.push({ file: new File([bytes], entry.path.split('/').at(-1) ?? entry.path), path: entry.path });
  }
  return files;
}

async function entriesOf(zip: File): Promise<Entry[]> {
  if (zip.size > LARGEST_ZIP) throw new Error(`${zip.name} is too large to be opened here.`);
  const tail = await view(zip, Math.max(0, zip.size - END_BYTES - LONGEST_COMMENT), zip.size);
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw new Error(`${zip.name} is not a zip file.`);
  const count = tail.getUint16(at + 10, true);
  const start = tail.getUint32(at + 16, true);
  return directoryOf(await view(zip, start, start + tail.getUint32(at + 12, true)), count);
}

function directoryOf(directory: DataView, count: number): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count && directory.getUint32(at, true) === ENTRY;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
    const bytes = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, name);
    entries.push({
      path: new TextDecoder().decode(bytes),
      method: directory.getUint16(at + 10, true),
      packed: directory.getUint32(at + 20, true),
      offset: directory.getUint32(at + 42, true),
    });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    if (at + 46 > directory.byteLength) break;
  }
  return entries;
}

async function unpacked(zip: File, { path, method, packed, offset }: Entry): Promise<Blob> {
  const header = await view(zip, offset, offset + 30);
  const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const content = zip.slice(start, start + packed);
  if (method === STORED) return content;
  if (method !== DEFLATED) throw new Error(`${path} is packed in a way that cannot be read here.`);
  return new Response(content.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob();
}

async function view(zip: File, from: number, to: number): Promise<DataView> {
  return new DataView(await zip.slice(from, to).arrayBuffer());
}
