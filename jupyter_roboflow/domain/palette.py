"""Colours that stay apart for people with any colour vision, and on any photo; `engine/palette.ts` has the same."""

from __future__ import annotations

PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#66ccee",
    "#228833",
    "#ee6677",
    "#aa3377",
    "#ccbb44",
    "#4477aa",
    "#44aa99",
    "#999933",
    "#882255",
)
"""Okabe and Ito's colours, then Tol's bright and muted ones: https://personal.sron.nl/~pault/"""

_SHARES = (0.0, 0.4, 0.6)
"""How far the colours of each round go towards black, or dark ones towards white; then it begins again."""
_DARK = 90
"""Below this mean of the channels a colour is dark."""


def default_color(index: int) -> str:
    """The colour a label starts with, `#rrggbb`: those of the palette in turn, then their darker and lighter kin."""
    color = PALETTE[index % len(PALETTE)]
    share = _SHARES[index // len(PALETTE) % len(_SHARES)]
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    towards = 255 if sum(channels) < 3 * _DARK else 0
    return "#" + "".join(f"{int(channel + share * (towards - channel) + 0.5):02x}" for channel in channels)
