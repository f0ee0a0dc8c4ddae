"""How a store is looked at: the moment, the words and the language of one reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.storefront.resolved import Hidden, Quantity

if TYPE_CHECKING:
    from dstore.catalog.schedules.serving import Service
    from dstore.storefront.evaluation import Evaluation
    from dstore.storefront.languages import Reader, Texts
    from dstore.storefront.marks import Marks
    from dstore.storefront.reasons import Explainer
    from dstore.storefront.resolved import Group, Menu, Reason, StoreCard
    from dstore.storefront.standing import Offered
    from dstore.vocabulary.values import QuantityRule


class View(NamedTuple):
    """One reading of a store. `service` is the one asked for, None for all; `marks` are the merchant's."""

    evaluation: Evaluation
    explainer: Explainer
    reader: Reader
    service: Service | None
    marks: Marks

    def optional(self, texts: Texts | None, column: str, plain: str | UnsetType) -> str | UnsetType:
        """Return the best text of a field that may be absent or empty."""
        return self.reader.text(texts, column, plain or "") or UNSET


class Front(NamedTuple):
    """A store's card before it is known how it stands, and what that depends on."""

    card: StoreCard
    offered: Offered


class Body(NamedTuple):
    """Everything below the card."""

    menus: list[Menu]
    groups: list[Group]
    hidden: list[Hidden]


def hide(
    kind: str, name_id: str, name: str | UnsetType, reason: Reason, where: dict[str, str] | UnsetType = UNSET
) -> Hidden:
    """Return the note about something that is not shown."""
    return Hidden(kind=kind, id=name_id, name=name, where=where, reason=reason)


def quantity(rule: QuantityRule | UnsetType) -> Quantity | UnsetType:
    """Return a quantity rule as it is shown."""
    return UNSET if rule is UNSET else Quantity(rule.min, rule.max)
