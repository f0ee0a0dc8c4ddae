"""A POS store's products as its merchant looks at them: what each is, where it is used, what is doubtful about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from dstore.catalog.kinds import PRODUCT, PRODUCT_GROUP
from dstore.catalog.products import check_catalogue, only_parts
from dstore.vocabulary.products import Product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.findings import Finding
    from dstore.storage.port import Reading, Row

_decode = msgspec.json.Decoder(Product).decode
_INDEX = re.compile(r"products\[(\d+)\]")


@dataclass(slots=True)
class Line:
    """A product or group: as the POS sent it, its status as it stands, and the groups and products it is used in."""

    product: Product
    status: str
    used_in: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_part: bool = False
    """Whether it is sold only inside others."""

    @property
    def id(self) -> str:
        """The id of the POS."""
        return self.product.pos_product_id

    @property
    def name(self) -> str:
        """What the POS calls it."""
        return self.product.name or self.product.pos_product_id

    @property
    def kind(self) -> str:
        """SINGLE, MODIFIER or GROUP."""
        return self.product.type or "SINGLE"

    @property
    def children(self) -> list[str]:
        """The products or groups it holds, in order."""
        return self.product.sub_products or []

    @property
    def is_sold_out(self) -> bool:
        """Whether the POS says so."""
        return self.status != "AVAILABLE"

    @property
    def can_be_placed(self) -> bool:
        """Whether it may stand on a menu."""
        return self.kind == "SINGLE"

    @property
    def is_expected(self) -> bool:
        """Whether one would look for it on a menu: a SINGLE that is not only a part of others."""
        return self.can_be_placed and not self.is_part


@dataclass(slots=True)
class Survey:
    """All products of a store at one version, by id, in the POS's order."""

    lines: dict[str, Line]

    def name(self, product_id: str) -> str:
        """Return what the POS calls a product, or its id when it is gone."""
        line = self.lines.get(product_id)
        return line.name if line else product_id


def surveyed(rows: Sequence[Row]) -> Survey:
    """Return the survey of rows of (key, status, document), in order. Pure."""
    products = [_decode(doc) for _, _, doc in rows]
    lines = {
        product.pos_product_id: Line(product, status or product.status)
        for product, (_, status, _) in zip(products, rows, strict=True)
    }
    for line in list(lines.values()):
        for child_id in line.children:
            child = lines.get(child_id)
            if child is not None:
                child.used_in.append(line.id)
    for name in only_parts(
        {one.pos_product_id: one for one in products}, (one for one in products if one.type == "GROUP")
    ):
        lines[name].is_part = True
    for finding in check_catalogue(products):
        found = _INDEX.match(finding.path)
        if found:
            lines[products[int(found[1])].pos_product_id].findings.append(finding)
    return Survey(lines)


def of_tree(reading: Reading, tree: int) -> Survey:
    """Read and survey the products of a store's tree."""
    rows = reading.rows(
        "select key, status, doc from entry where tree = ? and kind in (?, ?) and deleted = 0 order by position",
        (tree, PRODUCT.number, PRODUCT_GROUP.number),
    )
    return surveyed(rows)
