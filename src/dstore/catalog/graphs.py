"""Graphs of names: circles and longest paths. Pure functions, without recursion: callers choose the depth."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def has_path_over(graph: Mapping[str, Sequence[str]], most: int) -> bool:
    """Return whether some path has more than `most` names; in a graph with a circle paths never end."""
    reached = set(graph)
    for _ in range(most):
        reached = set(chain.from_iterable([graph[name] for name in reached if name in graph]))
        if not reached:
            return False
    return True


def find_circle(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a circle in a graph of names as the names along it, the first again at the end; or nothing."""
    done: set[str] = set()
    for start in graph:
        path: dict[str, None] = {}
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                del path[name]
                done.add(name)
            elif name not in done:
                path[name] = None
                stack.append((name, True))
                for following in graph.get(name, ()):
                    if following in path:
                        names = list(path)
                        return [*names[names.index(following) :], following]
                    if following not in done:
                        stack.append((following, False))
    return []


def longest_path(graph: Mapping[str, Sequence[str]]) -> tuple[int, str]:
    """Return how many names the longest path of a graph without circles has, and the name it starts from."""
    lengths: dict[str, int] = {}
    for start in graph:
        stack = [start]
        while stack:
            name = stack[-1]
            if name in lengths:  # it was reached another way meanwhile
                stack.pop()
                continue
            waiting = [following for following in graph.get(name, ()) if following not in lengths]
            if waiting:
                stack.extend(waiting)
            else:
                lengths[name] = 1 + max((lengths[following] for following in graph.get(name, ())), default=0)
                stack.pop()
    deepest = max(lengths, key=lengths.__getitem__, default="")
    return lengths.get(deepest, 0), deepest
