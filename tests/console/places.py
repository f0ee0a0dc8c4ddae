"""A platform with two merchants' stores, and somebody of every role; sample values for the paths of all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform

Json = dict[str, Any]


def product(name: str, title: str, price: int = 500, **more: Any) -> Json:
    money = {"currency": "SGD", "value": price}
    return {"posProductId": name, "type": "SINGLE", "status": "AVAILABLE", "name": title, "price": money, **more}


def sync(platform: Platform, products: list[Json], *, account: str = "a", store: str = "s", request_id: str) -> None:
    body = {
        "requestId": request_id,
        "posAccountId": account,
        "store": {"posStoreId": store, "name": f"Store {store}"},
        "products": products,
    }
    answer = platform.call("syncProduct", body)
    assert answer.code == "SUCCESS", answer.message


def store_id(platform: Platform, ref: str = "s") -> str:
    [[public_id]] = platform.rows("select public_id from store where ref = ?", ref)
    return str(public_id)


def opened(platform: Platform, products: list[Json] | None = None) -> str:
    """Feed store `s` of account `a`, add its owner `boss`, return the address of its pages."""
    sync(platform, products or [product("tea", "Tea"), product("cake", "Cake")], request_id="first")
    add_user(platform, "boss", "owner", account="a")
    return f"/console/stores/{store_id(platform)}"


def boss(platform: Platform) -> Person:
    return Person(platform).sign_in("boss")


def act(person: Person, path: str, word: str, **fields: Any) -> Person:
    """Do something in the builder, as the form there does."""
    person.open(path)
    shared = person.forms("/menu")[0].fields
    return person.post(path.partition("?")[0], {**shared, "act": word, **fields})


def built(person: Person, path: str, *products: str, category: str = "Drinks") -> Person:
    """Make a category with products and publish it."""
    act(person, f"{path}/menu", "add-category", name=category)
    for one in products:
        act(person, person.at, "place", product=one)
    person.open(f"{path}/menu/publish")
    return person.send("/menu/publish", note="")
