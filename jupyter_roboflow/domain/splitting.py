"""Dividing images into train, valid and test: repeatable, related images together, every label in its share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from .dataset import Split
from .errors import Invalid

Item = TypeVar("Item", bound=Hashable)

_NOTHING = "\x00nothing"
"""The stratum of images without any label (no label's name holds NUL), so that they too are shared out fairly."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What must stay together: one image, or all images of a group. `weights`: how much of each stratum is in it."""

    items: tuple[Hashable, ...]
    weights: Mapping[Hashable, int]
    order: bytes


def assign_splits(
    items: Iterable[Item],
    fractions: Mapping[Split, float],
    seed: int,
    groups: Mapping[Item, Hashable] | None = None,
    strata: Mapping[Item, Iterable[Hashable]] | None = None,
) -> dict[Item, Split]:
    """The split of every item; the same for the same seed, whatever order the items come in.

    `groups` names what an item belongs to (a patient, a video): a group is never divided. `strata` names an item's
    labels, once each or once an object: every split gets its share of each label, the rarest seen to first (after
    Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label Data", 2011). Without groups the counts are
    exact (largest remainder); with groups they come as close as whole groups allow. `Invalid` (`bad_fractions`) unless
    the fractions add up to 1.
    """
    shares = _checked(fractions)
    units = _units(items, seed, groups, strata)
    room = _counts(sum(len(unit.items) for unit in units), shares)
    totals: Counter[Hashable] = Counter()
    for unit in units:
        totals.update(unit.weights)
    wanted = {stratum: {split: shares[split] * total for split in shares} for stratum, total in totals.items()}
    assigned: dict[Hashable, Split] = {}
    for unit in _rarest_first(units, totals):
        split = _best(unit, room, wanted[min(unit.weights, key=lambda s: (totals[s], str(s)))], shares)
        room[split] -= len(unit.items)
        for stratum, weight in unit.weights.items():
            wanted[stratum][split] -= weight
        assigned.update(dict.fromkeys(unit.items, split))
    return assigned  # pyright: ignore[reportReturnType]  # the keys are the items that came in


def _checked(fractions: Mapping[Split, float]) -> dict[Split, float]:
    """The fractions above zero, in the order train, valid, test."""
    for split, fraction in fractions.items():
        if not (math.isfinite(fraction) and 0 <= fraction <= 1):
            raise Invalid(f"The fraction for {split} is {fraction:g}; it lies between 0 and 1.", code="bad_fractions")
    total = math.fsum(fractions.values())
    if abs(total - 1) > 1e-6:
        raise Invalid(
            f"The fractions add up to {total:g}: change them so that they add up to 1.", code="bad_fractions", sum=total
        )
    return {split: fractions[split] for split in Split if fractions.get(split, 0.0) > 0}


def _units(
    items: Iterable[Item],
    seed: int,
    groups: Mapping[Item, Hashable] | None,
    strata: Mapping[Item, Iterable[Hashable]] | None,
) -> list[_Unit]:
    together: defaultdict[tuple[str, Hashable], list[Item]] = defaultdict(list)
    for item in dict.fromkeys(items):
        grouped = groups is not None and item in groups
        together["group" if grouped else "item", groups[item] if grouped and groups else item].append(item)
    units: list[_Unit] = []
    for key, members in together.items():
        weights: Counter[Hashable] = Counter()
        for item in members:
            weights.update((strata.get(item) if strata is not None else None) or (_NOTHING,))
        # A hash instead of a random generator: an item's place depends on the seed and itself, not on the others.
        order = blake2b(repr((seed, key)).encode(errors="surrogatepass"), digest_size=16).digest()
        units.append(_Unit(tuple(members), weights, order))
    return units


def _counts(total: int, shares: Mapping[Split, float]) -> dict[Split, int]:
    """How many items each split gets, by largest remainder; a tie goes to the earlier split."""
    counts = {split: math.floor(share * total + 1e-9) for split, share in shares.items()}
    by_remainder = sorted(shares, key=lambda split: counts[split] - shares[split] * total)
    for split in by_remainder[: total - sum(counts.values())]:
        counts[split] += 1
    return counts


def _rarest_first(units: Sequence[_Unit], totals: Mapping[Hashable, int]) -> list[_Unit]:
    """By the rarest stratum in a unit, then large groups and those with much of it first: they are hardest to place."""

    def key(unit: _Unit) -> tuple[int, str, int, int, bytes]:
        rarest = min(unit.weights, key=lambda s: (totals[s], str(s)))
        return (totals[rarest], str(rarest), -len(unit.items), -unit.weights[rarest], unit.order)

    return sorted(units, key=key)


def _best(
    unit: _Unit, room: Mapping[Split, int], wanted: Mapping[Split, float], shares: Mapping[Split, float]
) -> Split:
    """Where the unit fits and its rarest stratum is furthest from its share; if it fits nowhere, most room.

    Measured against the share, so that all splits fill up evenly and none gets only what is left over.
    """
    fitting = [split for split in room if shares[split] and room[split] >= len(unit.items)]
    if not fitting:
        return max(room, key=lambda split: room[split])
    return max(fitting, key=lambda split: (wanted[split] / shares[split], room[split] / shares[split]))
