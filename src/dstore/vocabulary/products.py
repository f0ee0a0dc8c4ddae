"""The POS family's products: what syncProduct carries in `products`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.values import Amount, QuantityRule, Value

ProductIds = Annotated[
    list[fields.ProductId], Meta(max_length=most("links"), description="Ids of products of this request.")
]
ParentIds = Annotated[
    list[fields.ProductId],
    Meta(
        min_length=1, max_length=most("links"), description="The groups inside which the overload holds; any of them."
    ),
]


class Overload(Value, frozen=True, gc=False):
    """Another price or quantity rule for a product inside the groups that are listed."""

    pos_product_ids: ParentIds
    price: Amount | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET


Overloads = Annotated[
    list[Overload], Meta(max_length=most("overloads"), description="Prices and rules that hold in certain groups.")
]


class Product(Value, frozen=True, gc=False):
    """A product: complete in a full sync; only id and status in a status update."""

    pos_product_id: fields.ProductId
    status: fields.ProductStatus
    type: fields.ProductKind | UnsetType = UNSET
    name: fields.ProductName | UnsetType = UNSET
    price: Amount | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    sub_products: ProductIds | UnsetType = UNSET
    overloads: Overloads | UnsetType = UNSET


class StoredProduct(Value, frozen=True, gc=False):
    """A product of a catalogue as it is read back: complete, its status left to the column that holds it."""

    pos_product_id: str
    type: str
    name: str
    price: Amount | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    sub_products: list[str] | UnsetType = UNSET
    overloads: list[Overload] | UnsetType = UNSET
