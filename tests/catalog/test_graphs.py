"""Circles and longest paths, against the plainest way to find them."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.graphs import find_circle, longest_path

GRAPHS = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefgxy"), max_size=4), max_size=7)
# Links lead only to later letters: no circle is possible.
ORDERED = GRAPHS.map(lambda graph: {name: [one for one in links if one > name] for name, links in graph.items()})


def reachable(graph: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph.get(name, ()))
    return found


@given(GRAPHS)
def test_a_circle_is_found_when_there_is_one_and_is_one(graph: dict[str, list[str]]) -> None:
    circle = find_circle(graph)
    assert bool(circle) == any(name in reachable(graph, name) for name in graph)
    if circle:
        assert circle[0] == circle[-1]
        assert len(set(circle)) == len(circle) - 1
        assert all(following in graph[name] for name, following in pairwise(circle))


@given(ORDERED)
def test_the_longest_path_is_the_longest(graph: dict[str, list[str]]) -> None:
    def length(name: str) -> int:
        return 1 + max(map(length, graph.get(name, ())), default=0)

    longest, start = longest_path(graph)
    assert longest == max(map(length, graph), default=0)
    assert longest == 0 or length(start) == longest


def test_large_graphs_take_no_recursion_and_no_long_time() -> None:
    """Each name leads to all later ones, which is the most links there can be; and a chain of fifty thousand."""
    began = time.perf_counter()
    names = [f"{number}" for number in range(700)]
    dense = {name: names[:index:-1] for index, name in enumerate(names)}
    assert find_circle(dense) == []
    assert longest_path(dense) == (700, "0")
    chain = {f"{number}": [f"{number + 1}"] for number in range(50_000)}
    assert longest_path(chain) == (50_001, "0")
    chain["50000"] = ["0"]
    assert len(find_circle(chain)) == 50_002
    assert time.perf_counter() - began < 5
