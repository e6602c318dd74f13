/** Colours that stay apart for people with any colour vision, and on any photo. */

/** Okabe and Ito's colours, then Tol's bright and muted ones: https://personal.sron.nl/~pault/ */
export const PALETTE = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#66ccee',
  '#228833',
  '#ee6677',
  '#aa3377',
  '#ccbb44',
  '#4477aa',
  '#44aa99',
  '#999933',
  '#882255',
] as const;

/** The colour for the label at a place in a list; it begins again after the last. */
export function colorAt(place: number): string {
  return PALETTE[place % PALETTE.length] ?? PALETTE[0];
}

/** Black or white, whichever is easier to read on a colour `#rrggbb` (WCAG relative luminance). */
export function textOn(color: string): string {
  const value = parse(color);
  const linear = (shift: number): number => {
    const part = ((value >> shift) & 255) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0);
  // The luminance whose contrast with black and with white is the same.
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** A colour `#rrggbb` with an opacity, 0 to 1. */
export function withAlpha(color: string, alpha: number): string {
  const value = parse(color);
  const parts = [(value >> 16) & 255, (value >> 8) & 255, value & 255].map(String).join(', ');
  return `rgba(${parts}, ${String(Math.round(alpha * 1000) / 1000)})`;
}

/** Anything that is not `#rrggbb` counts as grey. */
function parse(color: string): number {
  return /^#[0-9a-f]{6}$/i.test(color) ? parseInt(color.slice(1), 16) : 0x808080;
}
