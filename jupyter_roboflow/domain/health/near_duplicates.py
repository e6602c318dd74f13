"""Pictures that look nearly the same: 64-bit difference hashes that differ in three bits or fewer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .columns import SPLIT_NAMES, Hashes, Integers
from .report import NearDuplicates

DISTANCE = 3
"""Most differing bits. Four bands of 16 bits find every such pair: three bits cannot touch four bands."""

EXAMPLES = 20
COMPARISONS_LIMIT = 200_000_000
"""A few seconds' worth. Only datasets of tens of thousands of look-alikes reach it, and the result says so."""

_BANDS = tuple(np.uint64(0xFFFF << shift) for shift in (0, 16, 32, 48))


def find_near_duplicates(ids: Integers, splits: Integers, hashes: Hashes) -> NearDuplicates:
    """Counts and examples of look-alike pairs, across splits (leakage) and within one.

    Pictures without texture (hash 0) tell nothing and are left out.
    """
    order = np.lexsort((ids, hashes))
    order = order[hashes[order] != 0]
    ids, splits, hashes = ids[order], splits[order], hashes[order]
    values, starts = np.unique(hashes, return_index=True)
    if not len(values):
        return NearDuplicates(0, 0, True, ())
    members = np.zeros((len(values), len(SPLIT_NAMES)), dtype=np.int64)
    np.add.at(members, (np.repeat(np.arange(len(values)), np.diff(starts, append=len(ids))), splits), 1)

    across, within = _same_hash(members)
    counts = np.array([across.sum(), within.sum()])
    examples: list[dict[str, int]] = []
    first = _FirstMember(ids, splits, starts, members)
    for one in np.flatnonzero(across)[:EXAMPLES]:
        examples += first.pair(int(one), int(one), 0)
    complete = True
    for pairs in _close(values):
        if pairs is None:
            complete = False
            continue
        one, other = pairs
        same = (members[one] * members[other]).sum(axis=1)
        split = members[one, 1:].sum(axis=1) * members[other, 1:].sum(axis=1)
        leaks = split - (members[one, 1:] * members[other, 1:]).sum(axis=1)
        counts += (leaks.sum(), same.sum())
        for i in np.flatnonzero(leaks)[: EXAMPLES - len(examples)]:
            distance = int(np.bitwise_count(values[one[i]] ^ values[other[i]]))
            examples += first.pair(int(one[i]), int(other[i]), distance)
    return NearDuplicates(int(counts[0]), int(counts[1]), complete, tuple(examples[:EXAMPLES]))


def _same_hash(members: Integers) -> tuple[Integers, Integers]:
    """Pairs among pictures of one hash: across splits, and within one."""
    squares = (members[:, 1:] ** 2).sum(axis=1)
    across = (members[:, 1:].sum(axis=1) ** 2 - squares) // 2
    within = (members * (members - 1) // 2).sum(axis=1)
    return across, within


def _close(values: Hashes) -> Iterator[tuple[Integers, Integers] | None]:
    """Index pairs of distinct hashes at most `DISTANCE` bits apart, each once; None where the limit cut the search."""
    left = COMPARISONS_LIMIT
    for number, band in enumerate(_BANDS):
        order = np.argsort(values & band, kind="stable")
        keys, ordered = (values & band)[order], values[order]
        rows = np.arange(len(values))
        step = 0
        while True:
            step += 1
            rows = rows[rows < len(values) - step]
            rows = rows[keys[rows] == keys[rows + step]]
            if not len(rows):
                break
            if (left := left - len(rows)) < 0:
                yield None
                return
            differing = ordered[rows] ^ ordered[rows + step]
            hit = np.bitwise_count(differing) <= DISTANCE
            for earlier in _BANDS[:number]:  # found there already
                hit &= (differing & earlier) != 0
            if hit.any():
                yield order[rows[hit]], order[rows[hit] + step]


class _FirstMember:
    """Finds a picture of a hash in a split, for the examples."""

    def __init__(self, ids: Integers, splits: Integers, starts: Integers, members: Integers) -> None:
        self.ids, self.splits, self.starts, self.members = ids, splits, starts, members
        self.ends = np.append(starts[1:], len(ids))

    def pair(self, one: int, other: int, distance: int) -> list[dict[str, int]]:
        """One example: two pictures of these hashes in different splits."""
        for a in np.flatnonzero(self.members[one, 1:]) + 1:
            for b in np.flatnonzero(self.members[other, 1:]) + 1:
                if a != b:
                    return [
                        {"image_id": self._in(one, int(a)), "other_id": self._in(other, int(b)), "distance": distance}
                    ]
        return []

    def _in(self, value: int, split: int) -> int:
        rows = slice(self.starts[value], self.ends[value])
        return int(self.ids[rows][self.splits[rows] == split][0])
