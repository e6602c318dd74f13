"""Keys of the annotator as Python gives them; what there is to bind is in `widgets/src/engine/keys.ts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from ..domain.errors import Invalid

Keys: TypeAlias = "Mapping[str, str | Sequence[str]]"
"""Actions with their keys instead of those they have at first: `{"tool-box": "q", "undo": ["Mod+z", "u"]}`.

The list shown by `?` names the actions and the keys. `Mod` is Cmd on a Mac and Ctrl elsewhere.
"""

_MOST = 8
"""Keys that one action may have."""


def checked_keys(given: Keys) -> dict[str, list[str]]:
    """Plain data for the view, which tells of actions it does not know and of keys that mean two things."""
    if not isinstance(cast("Any", given), Mapping):
        raise Invalid('Keys are given as {"tool-box": "q"}: an action and its key or keys.', code="bad_keys")
    return {str(action): _chords(action, keys) for action, keys in given.items()}


def _chords(action: str, keys: Any) -> list[str]:
    chords = [keys] if isinstance(keys, str) else keys
    if not isinstance(chords, list | tuple) or not all(isinstance(c, str) and c for c in cast("list[Any]", chords)):
        raise Invalid(f"The keys of {action!r} are a key or a list of keys, not {str(keys)[:40]!r}.", code="bad_keys")
    if len(cast("list[str]", chords)) > _MOST:
        raise Invalid(f"{action!r} may have up to {_MOST} keys.", code="bad_keys")
    return list(cast("list[str]", chords))
