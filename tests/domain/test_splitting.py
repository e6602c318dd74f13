"""Splitting: repeatable, exact, groups together, labels in their shares."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_roboflow.domain.dataset import Split
from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.domain.splitting import assign_splits

USUAL = {Split.TRAIN: 0.7, Split.VALID: 0.2, Split.TEST: 0.1}
items_ = st.lists(st.integers(0, 10_000), unique=True, max_size=150)
fractions_ = st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10)).filter(any).map(
    lambda parts: {split: part / sum(parts) for split, part in zip(Split, parts, strict=True)}
)  # fmt: skip
strata_ = st.sampled_from([(), ("cat",), ("dog",), ("cat", "dog"), ("bird", "bird")])


@given(items_, fractions_, st.integers(), st.randoms(use_true_random=False), st.data())
def test_the_same_seed_gives_the_same_splits_in_any_order(items, fractions, seed, random, data) -> None:
    strata = {item: data.draw(strata_) for item in items[:20]}
    first = assign_splits(items, fractions, seed, strata=strata)
    shuffled = random.sample(items, len(items))
    assert assign_splits(shuffled, fractions, seed, strata=strata) == first and set(first) == set(items)


@given(items_, fractions_, st.integers())
def test_counts_are_exact_without_groups(items, fractions, seed) -> None:
    counts = Counter(assign_splits(items, fractions, seed).values())
    for split, fraction in fractions.items():
        assert abs(counts[split] - fraction * len(items)) < 1
        assert fraction or not counts[split]


def test_largest_remainders_win() -> None:
    for total, expected in {10: (7, 2, 1), 3: (2, 1, 0), 1: (1, 0, 0), 48: (33, 10, 5), 0: (0, 0, 0)}.items():
        counts = Counter(assign_splits(range(total), USUAL, 0).values())
        assert (counts[Split.TRAIN], counts[Split.VALID], counts[Split.TEST]) == expected, total


def test_another_seed_gives_other_splits() -> None:
    assert len({tuple(assign_splits(range(50), USUAL, seed)[i] for i in range(50)) for seed in range(20)}) == 20


@given(items_, fractions_, st.integers(0, 5), st.integers(1, 30))
def test_groups_stay_together_and_counts_come_close(items, fractions, seed, modulus) -> None:
    groups = {item: f"patient {item % modulus}" for item in items if item % 3}
    splits = assign_splits(items, fractions, seed, groups)
    assert set(splits) == set(items)
    for name in set(groups.values()):
        assert len({splits[item] for item in items if groups.get(item) == name}) == 1
    largest = max(Counter(groups.values()).values(), default=1)
    counts = Counter(splits.values())
    for split, fraction in fractions.items():
        assert counts[split] <= fraction * len(items) + 1 + largest
        assert fraction or not counts[split]


@given(st.integers(0, 1000))
def test_every_label_gets_its_share_in_every_split_even_a_rare_one(seed) -> None:
    strata = {
        i: ["common"] * (i % 3) + ["rare"] * (i % 20 == 0) + ["pair", "common"] * (i % 10 == 5) for i in range(400)
    }
    splits = assign_splits(range(400), USUAL, seed, strata=strata)
    assert Counter(splits.values()) == {Split.TRAIN: 280, Split.VALID: 80, Split.TEST: 40}
    for label in ("common", "rare", "pair"):
        found: Counter[Split] = Counter()
        for i, names in strata.items():
            found[splits[i]] += names.count(label)
        for split, fraction in USUAL.items():
            assert abs(found[split] - fraction * found.total()) <= max(1.0, 0.02 * found.total()), (label, split)


def test_without_stratification_a_rare_label_goes_where_it_falls() -> None:
    """The check above is no accident: plain shuffling fails it for most seeds."""
    missed = 0
    for seed in range(200):
        splits = assign_splits(range(400), USUAL, seed)
        found = Counter(splits[i] for i in range(0, 400, 20))
        missed += any(abs(found[split] - fraction * 20) > 1 for split, fraction in USUAL.items())
    assert missed >= 100


@pytest.mark.parametrize(
    "values", [(0.7, 0.2, 0.2), (0.5, 0.2, 0.1), (-0.1, 1.0, 0.1), (float("nan"), 0, 1), (2, -1, 0)]
)
def test_fractions_add_up_to_one(values) -> None:
    with pytest.raises(Invalid, match="fraction") as refused:
        assign_splits(range(5), dict(zip(Split, values, strict=True)), 0)
    assert refused.value.code == "bad_fractions"


def test_the_wrong_sum_is_said() -> None:
    with pytest.raises(Invalid, match=r"1\.1"):
        assign_splits(range(5), {Split.TRAIN: 0.8, Split.VALID: 0.3}, 0)
    assert assign_splits(range(2), {Split.TRAIN: 0.1 + 0.2, Split.VALID: 0.7}, 0)
