"""The door warns of schedules that can never be in force, and still takes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import UNSET, Struct

from dstore.apis.pds.rules import check_rules
from dstore.vocabulary.fnb import BusinessRule
from dstore.vocabulary.scenes import STORE_SCENES

USUAL = {"scheduleType": "DAILY", "schedules": {"FIXED": [{"startTime": "10:00", "endTime": "20:00"}]}}
OFF = {"startTime": "2026-12-25T00:00:00+08:00", "endTime": "2026-12-26T00:00:00+08:00", "serviceStatus": "OFF"}


class Store(Struct):
    """What the check reads of a message."""

    business_rules: Any
    business_rule: Any = UNSET


def findings(elements: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    message = Store([BusinessRule("PICKUP_SCHEDULE", json.dumps(elements))])
    return [(one.path, one.is_error) for one in check_rules(message, STORE_SCENES, "")]


def test_an_exception_before_the_usual_hours_is_warned_of() -> None:
    assert findings([OFF, USUAL]) == [("businessRules[0].ruleData[0]", False)]


@pytest.mark.parametrize("elements", [[USUAL], [USUAL, OFF], [USUAL, {**USUAL, **OFF}], [OFF]])
def test_exceptions_behind_the_usual_hours_are_not(elements: list[dict[str, Any]]) -> None:
    assert findings(elements) == []


@pytest.mark.parametrize("schedules", [{}, {"FIXED": []}])
def test_usual_hours_without_a_slot_are_warned_of(schedules: dict[str, Any]) -> None:
    assert findings([{**USUAL, "schedules": schedules}]) == [("businessRules[0].ruleData[0].schedules", False)]
