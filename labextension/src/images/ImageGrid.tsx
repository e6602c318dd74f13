import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { isDoomed, type DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';
import { useStore } from '../store.js';
import { columnsOf, gridWindow, moved, scrollTo, type GridSize } from './grid-window.js';
import { ImageCell } from './ImageCell.js';
import type { ImageList } from './image-list.js';
import { isSelected } from './selection.js';
import { useBox, type Box } from './use-box.js';

/** Below a thumbnail: its name and what is known of it. */
const CAPTION = 44;
const GAP = 8;

interface GridProps {
  readonly model: DatasetModel;
  readonly list: ImageList;
  readonly open: (id: number) => void;
}

/** The images of a list: only the cells in view are there, whatever the list holds. */
export function ImageGrid({ model, list, open }: GridProps) {
  const { trans, preferences } = useHost();
  const scroller = useRef<HTMLDivElement>(null);
  const box = useBox(scroller);
  const [scrollTop, setScrollTop] = useState(() => model.scrolledIn(list));
  const { total = 0 } = useStore(list);
  const selection = useStore(model.selection);
  const { pictureHeight, ...size } = sizeOf(total, box, useStore(preferences).thumbnailSize);
  const { columns, first, last, top, scrollHeight } = gridWindow(size, scrollTop);
  useEffect(() => {
    list.want(first, last);
  }, [list, first, last]);

  const placed = useRef<ImageList>(undefined);
  useLayoutEffect(() => {
    if (size.height === 0 || placed.current === list) return;
    placed.current = list;
    // Another list from its beginning; the same one where it was left, with the image that was worked on in view.
    scroller.current?.scrollTo({ top: scrollTo(size, model.scrolledIn(list), model.selection.get().at) });
  });

  const goTo = (index: number) => {
    scroller.current?.scrollTo({ top: scrollTo(size, scrollTop, index) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(size.height / size.cellHeight));
    if (handleKey(event, { model, list, columns, page, open, goTo })) event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className="jp-rf-Grid"
      role="listbox"
      aria-multiselectable="true"
      aria-label={trans.__('Images')}
      aria-activedescendant={total > 0 ? cellId(model, selection.at) : undefined}
      tabIndex={0}
      onScroll={(event) => {
        setScrollTop(event.currentTarget.scrollTop);
        model.scroll(list, event.currentTarget.scrollTop);
      }}
      onKeyDown={onKeyDown}
    >
      <div className="jp-rf-Grid-all" role="presentation" style={{ height: scrollHeight }}>
        <div
          className="jp-rf-Grid-view"
          role="presentation"
          style={{
            transform: `translateY(${String(top)}px)`,
            gridTemplateColumns: `repeat(${String(columns)}, 1fr)`,
            gridAutoRows: size.cellHeight - GAP,
          }}
        >
          <Cells {...{ model, list, open, first, last, pictureHeight }} />
        </div>
      </div>
    </div>
  );
}

interface CellsProps extends GridProps {
  readonly first: number;
  readonly last: number;
  readonly pictureHeight: number;
}

function Cells({ model, list, open, first, last, pictureHeight }: CellsProps) {
  const { total = 0 } = useStore(list);
  const selection = useStore(model.selection);
  const doomed = useStore(model.doomed);
  return Array.from({ length: last - first }, (_, n) => first + n).map((index) => (
    <ImageCell
      key={index}
      id={cellId(model, index)}
      image={list.at(index)}
      index={index}
      total={total}
      height={pictureHeight}
      selected={isSelected(selection, list.at(index)?.id ?? -1)}
      active={selection.at === index}
      doomed={isDoomed(doomed, list, list.at(index)?.id ?? -1)}
      onClick={(event) => {
        void pick(event, index, model, list);
      }}
      onOpen={open}
    />
  ));
}

/** Cells at least as wide as people want them, so wide that a row is full; pictures in the shape of most photos. */
function sizeOf(total: number, box: Box, wanted: number): GridSize & { readonly pictureHeight: number } {
  const width = Math.max(0, box.width - GAP); // a gap on either side, one of them the last cell's
  const cellWidth = wanted + GAP;
  const columns = columnsOf({ width, cellWidth });
  const pictureHeight = Math.round((width / columns - GAP) * 0.75);
  return { total, width, height: box.height, cellWidth, cellHeight: pictureHeight + CAPTION + GAP, pictureHeight };
}

function cellId(model: DatasetModel, index: number): string {
  return `jp-rf-image-${String(model.id)}-${String(index)}`;
}

async function pick(event: MouseEvent, index: number, model: DatasetModel, list: ImageList): Promise<void> {
  const image = list.at(index);
  if (image === undefined) return;
  const onCheck = event.target instanceof Element && event.target.closest('.jp-rf-Cell-check') !== null;
  if (event.shiftKey) await extend(index, model, list);
  else if (event.ctrlKey || event.metaKey || onCheck) model.select({ type: 'toggle', index, id: image.id });
  else model.select({ type: 'only', index, id: image.id });
}

async function extend(index: number, model: DatasetModel, list: ImageList): Promise<void> {
  const { anchor } = model.selection.get();
  const ids = await list.ids(Math.min(anchor, index), Math.max(anchor, index) + 1);
  model.select({ type: 'range', index, ids });
}

interface Keyboard {
  readonly model: DatasetModel;
  readonly list: ImageList;
  readonly columns: number;
  /** Rows in view. */
  readonly page: number;
  readonly open: (id: number) => void;
  readonly goTo: (index: number) => void;
}

/** True when the key meant something here. */
function handleKey(event: KeyboardEvent, keyboard: Keyboard): boolean {
  const { model, list, open } = keyboard;
  const { at } = model.selection.get();
  const image = list.at(at);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case ' ':
      if (image) model.select({ type: 'toggle', index: at, id: image.id });
      return true;
    case 'Enter':
      if (image) open(image.id);
      return true;
    case 'Escape':
      model.select({ type: 'none' });
      return true;
    default:
      return handleArrow(event, keyboard);
  }
}

function handleArrow({ key, shiftKey }: KeyboardEvent, { model, list, columns, page, goTo }: Keyboard): boolean {
  const to = moved(key, model.selection.get().at, list.get().total ?? 0, columns, page);
  if (to === undefined) return false;
  if (shiftKey) void extend(to, model, list);
  else model.select({ type: 'move', index: to });
  goTo(to);
  return true;
}
