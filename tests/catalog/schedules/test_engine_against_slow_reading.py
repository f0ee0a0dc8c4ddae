"""The engine and a slow reading, minute by minute, agree on random rules, zones and moments.

Run with `-m full` for the whole campaign. A case that fails names the seed of its world.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import UNSET

from catalog.schedules import slow
from catalog.schedules.worlds import World
from dstore.catalog.moments import read_zone
from dstore.catalog.schedules import availability, serving, slots, timed
from dstore.vocabulary.fnb import BusinessRule, PickUpRule, ServiceAvailability
from dstore.vocabulary.scenes import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from dstore.catalog.schedules.serving import Service

MOMENTS = 100
MINUTE = timedelta(minutes=1)
# So many worlds for each kind of rule, each with 100 moments: four times 30,000 cases, beside the slots.
campaigns = pytest.mark.parametrize("worlds", [25, pytest.param(300, marks=pytest.mark.full)])


def zone_of(world: World) -> tzinfo:
    zone = read_zone(world.zone_text)
    assert zone is not None
    return zone


def one_rule(scene: str, data: list[slow.Rule]) -> list[BusinessRule]:
    return [BusinessRule(scene, json.dumps(data))]


def named(number: int | None) -> str | None:
    return None if number is None else f"businessRules[0].ruleData[{number}]"


def compare(
    world: World,
    rules: object,
    engine: Callable[[datetime], Any],
    reading: Callable[[datetime], tuple[Any, str | None]],
    boundaries: Iterable[datetime] = (),
) -> None:
    """Check value, rule and until at random moments: nothing changes before until, and something does then."""
    minutes = [world.start + number * MINUTE for number in range((world.end - world.start) // MINUTE)]
    looked_at = sorted({*minutes, *(one for one in boundaries if world.start <= one < world.end)})
    read = {moment: reading(moment) for moment in looked_at}
    changes = [late for early, late in pairwise(looked_at) if read[early] != read[late]]
    # Backwards, so that no answer can be one that the engine has kept; then at random, so that some are.
    moments = [world.moment(finer=True) for _ in range(MOMENTS)]
    for moment in [*sorted(moments, reverse=True), *moments[: MOMENTS // 2]]:
        where = f"at {moment} in {world.zone_text}: {rules}"
        verdict = engine(moment)
        assert (verdict.value, verdict.rule) == reading(moment), where
        following = bisect_right(changes, moment)
        if following < len(changes):
            assert verdict.until == changes[following], where
        else:
            assert verdict.until is None or verdict.until >= world.end, where


@campaigns
def test_prices_agree(worlds: int) -> None:
    for seed in range(worlds):
        world = World(seed)
        elements = world.timed("saleAmount")
        read, rules, zone = slow.Timed(elements, world.stretch), one_rule("PRICE_SCHEDULE", elements), zone_of(world)

        def engine(moment: datetime, rules: Any = rules, zone: tzinfo = zone) -> Any:
            return with_the_amount(timed.price_at(rules, zone, moment))

        def reading(moment: datetime, read: slow.Timed = read) -> tuple[int | None, str | None]:
            amount, number = read.price(moment)
            return amount, named(number)

        compare(world, elements, engine, reading, read.boundaries())


def with_the_amount(verdict: Any) -> Any:
    """Return the same verdict with the amount in the place of the price."""
    return verdict._replace(value=verdict.value and verdict.value.sale_amount)


@campaigns
def test_statuses_agree(worlds: int) -> None:
    for seed in range(worlds):
        world = World(seed + 10_000)
        scene, member = [("ITEM_STATUS_RULE", "itemStatus"), ("SKU_STATUS_RULE", "skuStatus")][seed % 2]
        elements = world.timed(member)
        read, rules, zone = slow.Timed(elements, world.stretch), one_rule(scene, elements), zone_of(world)

        def engine(moment: datetime, rules: Any = rules, zone: tzinfo = zone) -> Any:
            return timed.status_at(rules, zone, moment)

        def reading(moment: datetime, read: slow.Timed = read, member: str = member) -> tuple[str | None, str | None]:
            status, number = read.status(moment, member)
            return status, named(number)

        compare(world, elements, engine, reading, read.boundaries())


@campaigns
def test_availability_agrees(worlds: int) -> None:
    for seed in range(worlds):
        world = World(seed + 20_000)
        entries = world.availability()
        read, zone = slow.Listed(entries, world.stretch), zone_of(world)
        given = msgspec.convert(entries, list[ServiceAvailability])
        rule = "serviceAvailabilityList" if entries else None

        def engine(moment: datetime, given: Any = given, zone: tzinfo = zone) -> Any:
            return availability.visible_at(given, zone, moment)

        def reading(moment: datetime, read: slow.Listed = read, rule: str | None = rule) -> tuple[bool, str | None]:
            return read.visible(moment), rule

        compare(world, entries, engine, reading)


@campaigns
def test_schedules_agree(worlds: int) -> None:
    for seed in range(worlds):
        world = World(seed + 30_000)
        elements = world.schedule()
        service: Service = world.random.choice(["PICKUP", "DINEIN", "DELIVERY"])
        read, zone = slow.Scheduled(elements, world.stretch), zone_of(world)
        rules = one_rule(serving.SCENES[service], elements)

        def engine(moment: datetime, rules: Any = rules, service: Any = service, zone: tzinfo = zone) -> Any:
            return serving.service_at(rules, service, zone, moment)

        def reading(moment: datetime, read: slow.Scheduled = read) -> tuple[bool, str | None]:
            is_on, number = read.serves(moment)
            return is_on, named(number)

        compare(world, elements, engine, reading, read.boundaries())


@campaigns
def test_slots_agree(worlds: int) -> None:
    for seed in range(worlds // 2):
        world = World(seed + 40_000, days=5)
        now = world.start + timedelta(minutes=world.random.randrange(1440))
        closed_from = world.moment()
        asked: slow.Rule = {
            "now": now + timedelta(seconds=world.random.choice([0, 0, 20])),
            "start": now + timedelta(minutes=world.random.choice([-300, 0, 0, 700])),
            "closed": world.random.choice(
                [[], [], [(closed_from, closed_from + timedelta(hours=5))], [(closed_from, None)]]
            ),
            "schedule": world.schedule(),
            "pickUpRules": world.pick_up_rules(),
            "availability": [world.availability() for _ in range(world.random.choice([0, 0, 1, 2]))],
            "openingSchedule": world.random.choice([[], world.schedule()]),
        }
        read = slow.Choices(asked, world.stretch)
        expected = {
            moment: name
            for number in range(world.stretch.first, world.stretch.last)
            if (name := read.at(number)) != "no" and (moment := datetime.fromtimestamp(number * 60, UTC))
        }
        demand = slots.Demand(
            start=asked["start"],
            now=asked["now"],
            closed=asked["closed"],
            availability=[msgspec.convert(one, list[ServiceAvailability]) for one in asked["availability"]],
            most=100_000,
            schedule=(
                "serviceSchedules",
                serving.elements_of(msgspec.convert(asked["openingSchedule"], list[Schedule])),
            ),
        )
        pick_up_rules = msgspec.convert(asked["pickUpRules"], list[PickUpRule]) or UNSET
        found = slots.slots(
            one_rule("PICKUP_SCHEDULE", asked["schedule"]), pick_up_rules, "PICKUP", zone_of(world), demand
        )
        given = {slot.start: slot.rule for slot in found if slot.start < world.end}
        assert given == expected, f"seed {seed}, {world.zone_text}: {asked}"
        assert [slot.start for slot in found] == sorted({slot.start for slot in found})
        assert all(slot.start < slot.end for slot in found)
