"""What was done to a store can be read back to the first act, by those who may see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from console.places import boss, opened
from dstore.clock import milliseconds
from dstore.console import acts, audit, overview

if TYPE_CHECKING:
    from dstore.storage.port import Transaction
    from harness.person import Person
    from harness.platform import Platform

OLDER = re.compile(r'href="([^"]*(?:/acts|\?before=\d+))"')


def done(platform: Platform, number: int) -> None:
    [[store_id]] = platform.rows("select id from store where ref = 's'")
    now = milliseconds(platform.clock.now())

    def note(transaction: Transaction) -> None:
        for one in range(number):
            audit.note(transaction, now, "boss", store_id, f"act-{one}")

    platform.transact(note)


def shown(person: Person) -> list[int]:
    return [int(one) for one in re.findall(r"act-(\d+)", person.words)]


def test_older_acts_are_a_link_away_down_to_the_first(platform: Platform) -> None:
    path, number = opened(platform), 2 * acts.PAGE + 1
    done(platform, number)
    person = boss(platform).open(path)
    assert shown(person) == list(range(number))[: -overview.ACTS - 1 : -1]
    found: list[int] = []
    [address] = OLDER.findall(person.text)
    while address:
        person.open(address if address.startswith("/") else f"{path}/acts{address}")
        found += shown(person)
        [address] = OLDER.findall(person.text) or [""]
    assert found == list(range(number))[::-1]


def test_what_fits_on_the_overview_leads_nowhere(platform: Platform) -> None:
    path = opened(platform)
    done(platform, overview.ACTS)
    person = boss(platform).open(path)
    assert shown(person)[-1] == 0
    assert "/acts" not in person.text
    assert "Nothing more was done" in person.open(f"{path}/acts?before=1").words
