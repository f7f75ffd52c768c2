"""Random cases: the clocks agree with a walk one day at a time. `tests.law.prove` runs a million."""

from __future__ import annotations

import random
import time

import pytest

from tests.law.chance import Pair


@pytest.mark.parametrize("seed", [20190515, time.time_ns()], ids=["fixed", "today"])
def test_agrees_with_the_naive_walk(seed: int) -> None:
    print(f"seed {seed}")  # shown by pytest when a case fails
    rng, pair = random.Random(seed), Pair()
    for _ in range(10_000):
        rule, facts, ours, theirs = pair.check(rng)
        assert ours == theirs, (seed, rule, facts)


def test_random_cases_can_be_explained() -> None:
    from gongkai.law.clocks import ClockError, due
    from tests.law.chance import _day, request_case

    rng, explained = random.Random(31), 0
    for _ in range(500):
        _, facts = request_case(rng, _day(rng))
        try:
            found = due("reply", facts)
        except ClockError:
            continue
        explained += 1
        assert any(str(found.day) in step.text for step in found.steps)
        assert (found.reason is None) or any(step.text == found.reason for step in found.steps)
    assert explained > 300
