"""Token buckets: bursts, refills, callers apart, memory bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.protocol import rates
from dstore.protocol.rates import Rates


class Ticks:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(one: Rates, who: str, tries: int) -> int:
    """Return how many of so many tries were allowed."""
    return sum(one.take(who) for _ in range(tries))


def test_a_burst_is_seconds_worth_of_calls_and_then_the_rate_holds() -> None:
    ticks = Ticks()
    one = Rates(10, 5, ticks)
    assert taken(one, "a", 100) == 50
    ticks.now += 0.1
    assert taken(one, "a", 100) == 1
    ticks.now += 2
    assert taken(one, "a", 100) == 20
    ticks.now += 3600
    assert taken(one, "a", 100) == 50


def test_callers_do_not_use_up_each_others_calls() -> None:
    one = Rates(10, 1, Ticks())
    assert taken(one, "a", 100) == 10
    assert taken(one, "b", 100) == 10


def test_a_rate_of_zero_never_refuses() -> None:
    assert taken(Rates(0, 5, Ticks()), "a", 10_000) == 10_000


def test_a_burst_of_zero_seconds_still_lets_the_rate_pass() -> None:
    assert taken(Rates(3, 0, Ticks()), "a", 10) == 3


def test_refusals_do_not_put_off_the_next_allowed_call() -> None:
    ticks = Ticks()
    one = Rates(1, 1, ticks)
    assert one.take("a")
    for _ in range(9):
        ticks.now += 0.1
        assert not one.take("a")
    ticks.now += 0.1001
    assert one.take("a")


def test_the_buckets_of_a_hundred_thousand_addresses_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_BUCKETS", 100)
    ticks = Ticks()
    one = Rates(10, 1, ticks)
    assert taken(one, "busy", 20) == 10
    for number in range(1000):
        assert one.take(number)
        ticks.now += 0.0001
        assert len(one._buckets) <= 101
    assert taken(one, "busy", 20) <= 10


@given(st.integers(1, 50), st.integers(1, 5), st.lists(st.floats(0, 2), max_size=60))
def test_no_stretch_of_time_allows_more_than_burst_and_rate(rate: int, burst: int, steps: list[float]) -> None:
    ticks = Ticks()
    one = Rates(rate, burst, ticks)
    allowed = 0
    for step in steps:
        ticks.now += step
        allowed += taken(one, "a", rate * burst + 1)
        assert allowed <= rate * burst + (ticks.now - 1000) * rate + 1e-6


def test_a_caller_with_a_rate_of_its_own_has_that_one() -> None:
    ticks = Ticks()
    one = Rates(10, 5, ticks)
    assert sum(one.take("slow", 1) for _ in range(100)) == 5
    assert sum(one.take("free", 0) for _ in range(100)) == 100
    assert taken(one, "usual", 100) == 50
    ticks.now += 1
    assert sum(one.take("slow", 1) for _ in range(100)) == 1


def test_a_caller_whose_rate_is_raised_has_it_from_then_on() -> None:
    ticks = Ticks()
    one = Rates(1, 1, ticks)
    assert (one.take("c1"), one.take("c1")) == (True, False)
    ticks.now += 1
    assert sum(one.take("c1", 50) for _ in range(100)) == 50
