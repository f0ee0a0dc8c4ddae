"""Findings that are collected while a message is merged."""

from __future__ import annotations

from dstore.findings import Finding, Findings


def test_the_first_so_many_different_ones_are_kept_and_the_rules_of_all() -> None:
    found = Findings(2)
    assert not found
    first, second, third = (Finding(f"items[{one}]", "share.differs", "differs") for one in range(3))
    found.add(first, first)
    found.add(second, first, third, Finding("store.name", "type.missing", "is required"))
    assert list(found) == [first, second]
    assert found.rules == {"share.differs", "type.missing"}
