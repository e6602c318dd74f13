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

/** How far the colours of each round go towards black, or dark ones towards white; then it begins again. */
const SHARES = [0, 0.4, 0.6] as const;
/** Below this mean of the channels a colour is dark. */
const DARK = 90;

/** The colour for the label at a place in a list: the palette's in turn, then their kin. The Python twin is `domain/palette.py`. */
export function colorAt(place: number): string {
  const value = parse(PALETTE[place % PALETTE.length] ?? PALETTE[0]);
  const share = SHARES[Math.floor(place / PALETTE.length) % SHARES.length] ?? 0;
  const channels = [value >> 16, (value >> 8) & 255, value & 255];
  const towards = channels.reduce((sum, channel) => sum + channel) < 3 * DARK ? 255 : 0;
  const mixed = channels.map((channel) => Math.floor(channel + share * (towards - channel) + 0.5));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
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
