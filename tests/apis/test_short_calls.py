"""Which small calls may be done on the event loop: those whose cost does not grow with what their store holds."""

from __future__ import annotations

import json

import pytest

from dstore import apis, samples
from dstore.catalog.pos_products import FEW
from dstore.protocol.api import collect

LONG = {
    "addItem.add-on",  # its groups and it may make a circle
    "addModifierGroup.eggs",
    "addStore.empty-cart",  # it reads what is left of an earlier store
    "addStore.pop-up",
    "initializeStore.business-rules",
    "initializeStore.hawker-stall",
    "syncProduct.basic",
    "syncProduct.bundle",
    "syncProduct.combo",
    "syncProduct.full-menu",
    "syncProduct.modifier-group",
    "syncProduct.nested-modifiers",
    "syncProduct.variant",
    "syncStore.add-an-item",
    "syncStore.hide",
    "syncStore.share-a-menu",
    "syncStore.whole-store",
    "updateCategory.delete",  # with all that is in it
    "updateItem.delete",
    "updateItem.sold-out",  # in every store
    "updateMenu.delete",
    "updateMenu.everywhere",
    "updateModifierGroup.new-choices",
}


APIS = collect(apis)


def test_calls_that_touch_a_whole_store_or_all_stores_are_long_and_all_others_are_short() -> None:
    long = set()
    for api in APIS.values():
        for sample in samples.of(api):
            if not api.plan(sample.compact, is_large=False).change.is_short:
                long.add(f"{sample.api}.{sample.name}")
    assert long == LONG


@pytest.mark.parametrize(("products", "is_short"), [(FEW, True), (FEW + 1, False)])
def test_a_status_update_is_short_for_so_many_products(products: int, is_short: bool) -> None:
    statuses = [{"posProductId": f"p{number}", "status": "SOLDOUT"} for number in range(products)]
    body = {"requestId": "r", "posAccountId": "a", "store": {"posStoreId": "s"}, "products": statuses}
    (api,) = {api for api in APIS.values() if api.name == "syncProduct"}
    plan = api.plan(json.dumps(body).encode(), is_large=False)
    assert plan.change.is_short is is_short
