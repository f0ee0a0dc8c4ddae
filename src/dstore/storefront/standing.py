"""Whether a store and each of its services take orders at a moment, why not, and when they do next. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec import UNSET, UnsetType

from dstore.catalog.schedules.availability import visible_at
from dstore.catalog.schedules.delivery import pickup_minimum
from dstore.catalog.schedules.rule_data import prepared, text_of
from dstore.catalog.schedules.serving import open_at, scheduled_at, service_at
from dstore.catalog.schedules.verdicts import Verdict, earliest
from dstore.storefront.resolved import Price, Reason, Service
from dstore.vocabulary.scenes import DineInOrder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from dstore.catalog.schedules.serving import Element
    from dstore.catalog.schedules.serving import Service as Name
    from dstore.storefront.evaluation import Evaluation
    from dstore.storefront.reasons import Explainer
    from dstore.vocabulary.fnb import BusinessRule, PickUpRule, ServiceAvailability

SERVICES: tuple[Name, ...] = ("PICKUP", "DINEIN", "DELIVERY")
OWN_SCENES: dict[Name, tuple[str, ...]] = {
    "PICKUP": ("PICKUP_SCHEDULE", "PICKUP_RULE"),
    "DINEIN": ("DINE_IN_SCHEDULE", "DINE_IN_ORDER"),
    "DELIVERY": ("DELIVERY_SCHEDULE", "DELIVERY_DISTANCE"),
}
SCHEDULES = "serviceSchedules"
"""The member that a store's schedules, which take the place of its hours, stand in."""
_MOST_STEPS = 100
_MOST_CHANGES = 400
_dine_in_order = prepared(DineInOrder, lambda order: order)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a store or shopping area says about being open; `path` stands before its rules' paths in reasons."""

    status: str | UnsetType
    status_name: str
    zone: tzinfo
    codes: tuple[str, str]
    """The reasons for being closed and for being outside the hours."""
    closed_until: str | UnsetType = UNSET
    hours: list[ServiceAvailability] | UnsetType = UNSET
    path: str = ""
    is_gone: bool = False
    schedule: tuple[Element, ...] = ()
    """Schedules, which say more than the hours: exceptions by date."""
    not_for: frozenset[Name] = frozenset()
    """Services with hours of their own, for which these do not count."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The terms that hold for a store, its own first; its rules; the services it has menus for, and others it has rules for."""

    terms: Sequence[Terms]
    rules: list[BusinessRule] | UnsetType = UNSET
    services: Sequence[Name] = SERVICES
    without_menu: Sequence[Name] = field(default=())
    pick_up_rules: list[PickUpRule] | UnsetType = UNSET
    """How times to pick up are stepped through, where no menu says so."""
    path: str = ""
    """What stands before the paths of the rules in reasons."""

    def has_own_hours(self, name: Name) -> bool:
        """Return whether a service has hours instead of the store's."""
        return any(name in terms.not_for for terms in self.terms)


class Check(NamedTuple):
    """One condition for taking orders."""

    verdict: Verdict[bool]
    code: str
    rule: str | None


class Standing(NamedTuple):
    """Whether a store takes orders, or why not; the same of its services by their names."""

    reason: Reason | None
    opens_at: str | UnsetType
    services: dict[str, Service]

    def closed(self, service: str | UnsetType | None) -> Reason | None:
        """Return why a service (or a menu that serves all) takes no orders; None when it does."""
        known = self.services.get(service) if isinstance(service, str) else None
        if known is None or known.reason is UNSET:
            return self.reason
        return known.reason


def standing(offered: Offered, evaluation: Evaluation, explainer: Explainer, asked: Name | None) -> Standing:
    """Return how a store stands at a moment."""
    moment = evaluation.moment
    checks = list(_of_store(offered, moment))
    reason = _first(checks, explainer)
    services: dict[str, Service] = {
        name: _service(offered, name, evaluation, explainer)
        for name in SERVICES
        if name in offered.services or name in offered.without_menu
    }
    apart = [name for name in offered.services if offered.has_own_hours(name)]
    opening = earliest(_opening(offered, name, moment) for name in (None, *apart))
    _note(checks, opening, evaluation)
    if any(services[name].available for name in apart):
        reason = None
    if asked is not None and asked not in services:
        services[asked] = Service(type=asked, available=False, reason=explainer.why("NOT_OFFERED"))
    opens_at = UNSET if reason is None else _moment(opening, explainer)
    return Standing(reason, opens_at, services)


def _note(checks: Sequence[Check], opening: datetime | None, evaluation: Evaluation) -> None:
    """Take in when what is said of the checks changes: behind the first that fails, nothing shows before the opening."""
    failing = [check.verdict.until for check in checks if not check.verdict.value]
    is_settled = opening is not None or None in failing
    for check in checks:
        evaluation.note(check.verdict.until)
        if is_settled and not check.verdict.value:
            return


def is_open(offered: Offered, moment: datetime) -> bool:
    """Return whether a store takes orders at all at a moment."""
    return all(check.verdict.value for check in _of_store(offered, moment))


def openings(offered: Offered, name: Name, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches from start to end in which a service takes orders, half-open, in order."""
    moment, since = start, None
    for _ in range(_MOST_CHANGES):
        checks = [*_of_store(offered, moment, name), *_of_service(offered, name, moment)]
        is_on = all(check.verdict.value for check in checks)
        if is_on and since is None:
            since = moment
        elif since is not None and not is_on:
            yield since, moment
            since = None
        following = earliest(check.verdict.until for check in checks)
        if following is None or following >= end:
            break
        moment = following
    if since is not None:
        yield since, end


def _of_store(offered: Offered, moment: datetime, name: Name | None = None) -> Iterator[Check]:
    """Yield what counts for the whole store, without hours that a service has others for."""
    for terms in offered.terms:
        if terms.is_gone:
            yield Check(Verdict(value=False, rule=None, until=None), "AREA_GONE", f"{terms.path}isDeleted")
        closed, outside = terms.codes
        yield Check(open_at(terms.status, terms.closed_until, moment), closed, f"{terms.path}{terms.status_name}")
        if name in terms.not_for:
            continue
        if terms.schedule:
            hours = scheduled_at(terms.schedule, SCHEDULES, terms.zone, moment)
        else:
            hours = visible_at(terms.hours, terms.zone, moment)
        yield Check(hours, outside, f"{terms.path}{hours.rule}")


def _of_service(offered: Offered, name: Name, moment: datetime) -> Iterator[Check]:
    zone = offered.terms[0].zone
    verdict = service_at(offered.rules, name, zone, moment)
    rule = None if verdict.rule is None else f"{offered.path}{verdict.rule}"
    yield Check(verdict, "OUTSIDE_SERVICE_HOURS", rule)


def _service(offered: Offered, name: Name, evaluation: Evaluation, explainer: Explainer) -> Service:
    if name in offered.without_menu:
        service = Service(type=name, available=False, reason=explainer.why("NO_MENU"))
        return _with_demands(service, offered.rules)
    moment = evaluation.moment
    checks = [*_of_store(offered, moment, name), *_of_service(offered, name, moment)]
    reason = _first(checks, explainer)
    opening = _opening(offered, name, moment)
    _note(checks, opening, evaluation)
    service = Service(type=name, available=reason is None, reason=UNSET if reason is None else reason)
    if reason is not None:
        service.opens_at = _moment(opening, explainer)
    return _with_demands(service, offered.rules)


def _with_demands(service: Service, rules: list[BusinessRule] | UnsetType) -> Service:
    """Put in what an order of the service must have."""
    if service.type == "PICKUP":
        minimum = pickup_minimum(rules, 0)
        if minimum is not None:
            service.minimum = Price(minimum.amount, minimum.currency, rule=minimum.rule)
    if service.type == "DINEIN":
        found = text_of(rules, "DINE_IN_ORDER")
        order = cast("DineInOrder | None", _dine_in_order(found[1]) if found else None)
        if order is not None:
            service.table_number_required = order.is_table_no_required
            service.serving = order.service_type
    return service


def _first(checks: Sequence[Check], explainer: Explainer) -> Reason | None:
    for check in checks:
        if not check.verdict.value:
            return explainer.why(check.code, check.rule, check.verdict.until)
    return None


def _opening(offered: Offered, name: Name | None, moment: datetime) -> datetime | None:
    """Return the first moment at which nothing keeps a store (or a service of it) from taking orders."""
    for _ in range(_MOST_STEPS):
        checks = [*_of_store(offered, moment, name), *(() if name is None else _of_service(offered, name, moment))]
        closed = [check.verdict.until for check in checks if not check.verdict.value]
        if not closed:
            return moment
        known = [until for until in closed if until is not None]
        if len(known) < len(closed):
            return None
        moment = max(known)
    return None


def _moment(moment: datetime | None, explainer: Explainer) -> str | UnsetType:
    return UNSET if moment is None else explainer.moment(moment)


def services_with_rules(rules: list[BusinessRule] | UnsetType) -> list[Name]:
    """Return the services that a store has rules for."""
    return [name for name in SERVICES if any(text_of(rules, scene) for scene in OWN_SCENES[name])]
