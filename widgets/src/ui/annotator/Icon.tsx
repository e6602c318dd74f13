/** Pictures of 16 × 16, drawn with lines in the colour of the text. */
const PATHS = {
  select: 'M3 2l9.5 5.2-4.2 1.3 2.4 4.3-1.7 1-2.4-4.3L3.6 13z',
  box: 'M2.5 3.5h11v9h-11zM1.5 2.5h2v2h-2zM12.5 2.5h2v2h-2zM1.5 11.5h2v2h-2zM12.5 11.5h2v2h-2z',
  polygon: 'M3 6.5l5-4 5.5 4.5-2.5 6.5H4.5z',
  smart: 'M3 9.5l2.2-5.2 5-1.8 3.3 4-1.6 5.3-5.6 1.7zM8 6.2l.6 1.5 1.5.6-1.5.6L8 10.4l-.6-1.5-1.5-.6 1.5-.6z',
  wire: 'M2.5 12.5c1.5-1 1.2-3.5 2.8-4.7s3 .6 4.6-.6 1-3.2 3.1-3.9M1.5 11.5h2v2h-2zM12.3 2h2v2h-2zM6.8 7.2h2v2h-2z',
  point: 'M8 1.5v4M8 10.5v4M1.5 8h4M10.5 8h4M8 6.5a1.5 1.5 0 110 3 1.5 1.5 0 010-3z',
  hole: 'M2 3h12v10H2zM6.5 6h3.5v4H6.5z',
  split: 'M2.5 3.5h11v9h-11zM10.5 1.5l-5 13',
  pan: 'M5 8V3.8a1 1 0 012 0V7 2.7a1 1 0 012 0V7 3.8a1 1 0 012 0V8 6a1 1 0 012 0v3.5c0 3-1.8 5-4.5 5-2 0-3.2-1-4.2-3L2.8 8.9c-.5-1 .9-1.8 1.6-.9z',
  undo: 'M6 3L2.5 6.5 6 10M3 6.5h6a4 4 0 010 8H6.5',
  redo: 'M10 3l3.5 3.5L10 10M13 6.5H7a4 4 0 000 8h2.5',
  previous: 'M10 3L5 8l5 5',
  next: 'M6 3l5 5-5 5',
  shown: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 110 4 2 2 0 010-4z',
  hidden: 'M2.5 5.5S4 9.5 8 9.5s5.5-4 5.5-4M4.2 8.4L3 10.3M8 9.6v2.2M11.8 8.4l1.2 1.9',
  locked: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 015 0v2',
  unlocked: 'M3.5 7h9v6.5h-9zM5.5 7V4.5a2.5 2.5 0 014.8-1',
  front: 'M6.5 6.5h7v7h-7zM4 9.5H2.5v-7h7V4',
  back: 'M2.5 2.5h7v7h-7zM9.5 6.5h4v7h-7v-4',
  join: 'M2.5 2.5h7v4h4v7h-7v-4h-4z',
  simplify: 'M2 11.5L6.5 5l3.5 3.5 4-5M5.5 4h2v2h-2zM9 7.5h2v2H9z',
  delete: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.6 6.5v4.5M9.4 6.5v4.5',
  empty: 'M8 2a6 6 0 110 12A6 6 0 018 2zM3.8 12.2l8.4-8.4',
  check: 'M2.5 8.5L6.5 12.5 13.5 4',
  view: 'M8 2.5a5.5 5.5 0 110 11 5.5 5.5 0 010-11zM8 2.5v11',
  help: 'M5.5 6a2.5 2.5 0 113.6 2.2c-.8.4-1.1.8-1.1 1.8M8 12.4v.6',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  panel: 'M2 3h12v10H2zM10 3v10',
  attributes: 'M2.5 4h11M2.5 8h11M2.5 12h11M5 3v2M10.5 7v2M7 11v2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="rf-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
