"""The messages as pydantic models, and the rules of the product graph."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from dstore.vocabulary import words

Id = Annotated[str, Field(min_length=1, max_length=255)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000)]


class Message(BaseModel):
    """camelCase on the wire; no guessing of types."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True)


class Price(Message):
    """An amount in the currency's smallest unit."""

    currency: words.Currency
    value: Annotated[int, Field(ge=0, le=2_147_483_647)]


class QuantityRule(Message):
    """How few and how many may be chosen."""

    min: Quantity
    max: Quantity

    @model_validator(mode="after")
    def in_order(self) -> QuantityRule:
        """Refuse a minimum above the maximum."""
        if self.min > self.max:
            raise ValueError("min is above max")
        return self


class Overload(Message):
    """Another price or quantity inside certain groups."""

    pos_product_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    price: Price | None = None
    quantity_rule: QuantityRule | None = None


class Product(Message):
    """A product, whole or only its status."""

    pos_product_id: Id
    status: Literal["AVAILABLE", "SOLDOUT"]
    type: Literal["SINGLE", "MODIFIER", "GROUP"] | None = None
    name: Id | None = None
    price: Price | None = None
    quantity_rule: QuantityRule | None = None
    sub_products: Annotated[list[Id], Field(max_length=1000)] | None = None
    overloads: Annotated[list[Overload], Field(max_length=1000)] | None = None


class Store(Message):
    """The store the products belong to."""

    pos_store_id: Id
    name: Id | None = None


class SyncProduct(Message):
    """The products of one store."""

    request_id: Id
    pos_account_id: Id
    store: Store
    products: Annotated[list[Product], Field(min_length=1, max_length=20_000)]
    extend_info: dict[str, Any] | None = None

    @property
    def is_status_update(self) -> bool:
        """Whether only ids and statuses were sent."""
        return all(one.model_fields_set == {"pos_product_id", "status"} for one in self.products)


def broken_rules(products: list[Product]) -> list[str]:
    """Return what is wrong with the products of a full sync."""
    by_id = {one.pos_product_id: one for one in products}
    found = [] if len(by_id) == len(products) else ["a product is in the request twice"]
    for one in products:
        if one.type is None or one.name is None or (one.price is None and one.type != "GROUP"):
            found.append(f"{one.pos_product_id} is incomplete")
        for child_id in one.sub_products or ():
            child = by_id.get(child_id)
            if child is None:
                found.append(f"{one.pos_product_id} names {child_id}, which is not in the request")
            elif (child.type == "GROUP") == (one.type == "GROUP"):
                found.append(f"{one.pos_product_id} can not hold {child_id}")
        for overload in one.overloads or ():
            found.extend(f"{name} is not in the request" for name in overload.pos_product_ids if name not in by_id)
    return found or _circle(by_id)


def _circle(by_id: dict[str, Product]) -> list[str]:
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> bool:
        if name in above:
            return True
        if name in done:
            return False
        circle = any(visit(child, (*above, name)) for child in by_id[name].sub_products or ())
        done.add(name)
        return circle

    return ["the products make a circle"] if any(visit(name, ()) for name in by_id) else []
