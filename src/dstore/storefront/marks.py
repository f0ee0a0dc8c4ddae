"""What a merchant marked as sold out, asked at a moment: a mark ends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog.schedules.local_time import microseconds, moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dstore.catalog.merchant.sold_out import Thing
    from dstore.storefront.evaluation import Evaluation
    from dstore.storefront.reasons import Explainer
    from dstore.storefront.resolved import Reason

RULE = "merchant.soldOut"
_THOUSAND = 1000


class Marks:
    """The marks of one reading of a store."""

    def __init__(self, ends: Mapping[Thing, int | None], evaluation: Evaluation, explainer: Explainer) -> None:
        self._ends = ends
        self._evaluation = evaluation
        self._explainer = explainer

    def why(self, kind: int, key: str) -> Reason | None:
        """Return why a thing can not be ordered, if it is marked at the moment; when that ends is taken note of."""
        thing = kind, key
        if thing not in self._ends:
            return None
        end = self._ends[thing]
        if end is None:
            return self._explainer.why("SOLD_OUT", RULE)
        if microseconds(self._evaluation.moment) >= end * _THOUSAND:
            return None
        until = moment_of(end * _THOUSAND)
        self._evaluation.note(until)
        return self._explainer.why("SOLD_OUT", RULE, until)
