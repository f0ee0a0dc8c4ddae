"""Correctly signed mutants of every sample: each answer on contract, never U; a refusal stores nothing, a success is readable."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, note, settings

from contract.family import SERVED, path_of
from contract.mutants import Mutant, mutants
from contract.states import State, seen
from dstore import samples
from dstore.storefront.resolved import Document

if TYPE_CHECKING:
    from harness.platform import Platform

MOST_SECONDS = 5.0


@pytest.fixture
def states(platform: Platform) -> list[State]:
    """The state before each sample."""
    found = []
    for sample in samples.all():
        found.append(State.of(platform))
        assert platform.call(path_of(sample), sample.body).code == "SUCCESS"
    return found


class Campaign:
    """Sends mutants and asserts what is true of each."""

    def __init__(self, platform: Platform, states: list[State]) -> None:
        self.platform = platform
        self.states = states
        self.codes: dict[str, int] = {}

    def send(self, mutant: Mutant) -> None:
        sample = samples.all()[mutant.sample]
        path = path_of(sample)
        note(f"{path} {mutant.changes} {mutant.body.rstrip()[:3000]!r}")
        before = self.states[mutant.sample]
        before.put(self.platform)
        began = time.perf_counter()
        answer = self.platform.call(path, mutant.body)
        assert time.perf_counter() - began < MOST_SECONDS
        self.codes[answer.code] = self.codes.get(answer.code, 0) + 1
        assert answer.result["resultStatus"] in {"S", "F"}, answer.result
        if answer.result["resultStatus"] == "F":
            assert seen(self.platform) == before.digest
        self.check_dry_run(path, mutant, answer.code, before)
        if answer.code == "SUCCESS":
            self.check_menus()

    def check_dry_run(self, path: str, mutant: Mutant, code: str, before: State) -> None:
        """The dry run must say what the door does: errors in the message, or none and then only the state decides."""
        errors = [one.sentence for one in SERVED[path].findings(mutant.body) if one.is_error]
        given_now = self.platform.rows("select count(*) from given")[0][0]
        reached_the_rules = (
            given_now > len(before.content.rows["given"]) or code == "SUCCESS" or self.is_replay(mutant, before)
        )
        assert bool(errors) != reached_the_rules, (errors[:3], code)

    @staticmethod
    def is_replay(mutant: Mutant, before: State) -> bool:
        try:
            request_id = json.loads(mutant.body).get("requestId")
        except (ValueError, AttributeError, RecursionError):
            return False
        return any(request_id == row[2] for row in before.content.rows["given"])

    def check_menus(self) -> None:
        """Every store is listed and its menu can be read, whole and free of loose ends."""
        listed = json.loads(self.platform.get("/storefront/v1/stores").body)["stores"]
        for store in listed:
            page = self.platform.get(f"/storefront/v1/stores/{store['id']}/menu")
            assert page.status == 200
            menu = msgspec.json.decode(page.body, type=Document)
            known = {group.id for group in menu.groups}
            used = [item.groups for one in menu.menus for category in one.categories for item in category.items]
            used += [option.groups for group in menu.groups for option in group.options]
            assert {name for names in used if names is not msgspec.UNSET for name in names} <= known
            again = self.platform.get(f"/storefront/v1/stores/{store['id']}/menu", if_none_match=page.headers["etag"])
            assert again.status == 304


COUNTS = {"sqlite": (400, 20_000), "postgresql": (120, 3_000)}


@pytest.mark.parametrize("is_full", [False, pytest.param(True, marks=pytest.mark.full)])
def test_mutants_of_samples_are_answered_on_contract(platform: Platform, states: list[State], is_full: bool) -> None:
    campaign = Campaign(platform, states)

    @settings(max_examples=COUNTS[platform.url.partition(":")[0]][is_full])
    @given(mutants())
    def run(mutant: Mutant) -> None:
        campaign.send(mutant)

    run()
    print(campaign.codes)
    assert campaign.codes["SUCCESS"] > sum(campaign.codes.values()) / 20, "mutants must not all be refused"
    assert campaign.codes["PARAM_ILLEGAL"] > sum(campaign.codes.values()) / 4
