"""A partner's shops as the pages describe them, in plain dictionaries: what the platform is compared with.

Nothing of the program is used here. Every method takes a call's body and returns the result code that it must have;
a call that is refused changes nothing.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Json = dict[str, Any]
Key = tuple[str, ...]
OWN = {"menu": "menuId", "category": "categoryId", "item": "itemId", "addon": "itemId", "group": "groupId"}
PARENTS = {
    "menu": ("menuType",),
    "category": ("menuId", "menuType"),
    "item": ("categoryId", "menuId", "menuType"),
    "addon": (),
    "group": (),
}
REQUIRED = {
    "menu": {"title"},
    "category": {"title"},
    "item": {"itemTitle", "priceInfo"},
    "addon": {"itemTitle", "priceInfo"},
    "group": {"groupName", "quantityRule", "childItemIds"},
    "store": {"name"},
}
PLACES = {"storeId", "menuId", "menuType", "categoryId", "saleType", "isDeleted"}


class RefusedError(Exception):
    """The call must be refused with this code."""


def illegal() -> RefusedError:
    """Return the refusal of a message that can not be meant."""
    return RefusedError("PARAM_ILLEGAL")


class Shop:
    """One store of the F&B family: its document, and its objects by kind and key, in their order."""

    def __init__(self, doc: Json) -> None:
        self.doc = doc
        self.deleted = False
        self.of: dict[str, dict[Key, Json]] = {kind: {} for kind in OWN}
        self.status: dict[tuple[str, Key], str] = {}

    def put(self, kind: str, key: Key, doc: Json) -> None:
        """Add an object behind the others, its status beside it."""
        doc = {name: value for name, value in doc.items() if value != []} if kind in {"item", "addon"} else doc
        if kind in {"item", "addon"}:
            self.status[kind, key] = doc.pop("itemStatus", "AVAILABLE")
        self.of[kind][key] = doc

    def find(self, kind: str, own: str, body: Json) -> list[Key]:
        """Return the keys of the objects with an id and the parents that a body names."""
        return [
            key
            for key in self.of[kind]
            if key[0] == own
            and all(body.get(name, value) == value for name, value in zip(PARENTS[kind], key[1:], strict=True))
        ]

    def check_parents(self, kind: str, body: Json) -> None:
        """Refuse a menu that is not here, or a category that is not in it."""
        menus = [key for key in self.of["menu"] if key[0] == body.get("menuId")]
        fitting = [key for key in menus if body.get("menuType", key[1]) == key[1]]
        if "menuId" in body and kind != "menu" and not fitting:
            raise illegal()
        if "categoryId" in body and kind not in {"menu", "category"}:
            above: Json = {name: body[name] for name in ("menuId", "menuType") if name in body and "menuId" in body}
            if not self.find("category", body["categoryId"], above):
                raise illegal()

    def check_links(self, kind: str, own: str, links: list[str]) -> None:
        """Refuse links to what is not here, and links that lead back."""
        to = "addon" if kind == "group" else "group"
        if any((link,) not in self.of[to] for link in links):
            raise illegal()
        if kind != "item":
            trial = deepcopy(self.of)
            trial[kind][own,] = {"childItemIds" if kind == "group" else "modifierGroupIds": links}
            self._check_circle(trial, (kind, own), (kind, own), set())

    def _check_circle(self, of: Any, start: tuple[str, str], at: tuple[str, str], seen: set[tuple[str, str]]) -> None:
        kind, own = at
        doc = of[kind].get((own,), {})
        following = doc.get("childItemIds", []) if kind == "group" else doc.get("modifierGroupIds", [])
        for name in following:
            node = ("addon" if kind == "group" else "group", name)
            if node == start and (name,) in of[node[0]]:
                raise illegal()
            if node not in seen:
                seen.add(node)
                self._check_circle(of, start, node, seen)

    def drop(self, kind: str, key: Key) -> None:
        """Take an object out, with what is in it."""
        below = {"menu": ("category", "item"), "category": ("item",)}.get(kind, ())
        for each in below:
            for inner in [one for one in self.of[each] if one[-len(key) :] == key]:
                self.drop(each, inner)
        self.of[kind].pop(key, None)
        self.status.pop((kind, key), None)


class Shops:
    """All that a partner has fed."""

    def __init__(self) -> None:
        self.shops: dict[str, Shop] = {}

    def living(self, store_id: str) -> Shop:
        """Return a store that is there; refuse the call when it is not."""
        shop = self.shops.get(store_id)
        if shop is None or shop.deleted:
            raise illegal()
        return shop

    def initialize(self, body: Json) -> None:
        """Replace the trees of the listed stores."""
        for one in body["stores"]:
            shop = Shop(one["storeInfo"])
            for menu in one["menus"]:
                info = menu["menuInfo"]
                above = (info["menuId"], info["menuType"])
                shop.put("menu", above, _without(info))
                for category in menu["categories"]:
                    self._category(shop, category, above)
            self.shops[one["storeInfo"]["storeId"]] = shop

    @staticmethod
    def _category(shop: Shop, category: Json, above: Key) -> None:
        info = category["categoryInfo"]
        shop.put("category", (info["categoryId"], *above), _without(info))
        for item in category["items"]:
            key = (item["itemInfo"]["itemId"], info["categoryId"], *above)
            groups = [group["modifierGroupInfo"]["groupId"] for group in item["modifierGroups"]]
            shop.put("item", key, {**item["itemInfo"], "modifierGroupIds": groups})
            for group in item["modifierGroups"]:
                own = group["modifierGroupInfo"]["groupId"]
                if (own,) in shop.of["group"]:
                    continue
                children = [child["itemInfo"]["itemId"] for child in group["childItems"]]
                shop.put("group", (own,), {**group["modifierGroupInfo"], "childItemIds": children})
                for child in group["childItems"]:
                    if (child["itemInfo"]["itemId"],) not in shop.of["addon"]:
                        shop.put("addon", (child["itemInfo"]["itemId"],), dict(child["itemInfo"]))

    def add_store(self, body: Json) -> None:
        """Add an empty store."""
        store_id = body["store"]["storeId"]
        if store_id in self.shops and not self.shops[store_id].deleted:
            raise RefusedError("PROCESS_FAIL")
        self.shops[store_id] = Shop(body["store"])

    def add(self, kind: str, doc: Json) -> None:
        """Add an object to a store."""
        shop = self.living(doc["storeId"])
        shop.check_parents(kind, doc)
        place = dict(doc)
        if kind == "category" and "menuType" not in doc:
            types = [key[1] for key in shop.of["menu"] if key[0] == doc["menuId"]]
            if len(types) != 1:
                raise illegal()
            place["menuType"] = types[0]
        links = doc.get("childItemIds" if kind == "group" else "modifierGroupIds", [])
        shop.check_links(kind, doc[OWN[kind]], links)
        key = (doc[OWN[kind]], *(place[name] for name in PARENTS[kind]))
        if key in shop.of[kind]:
            raise RefusedError("PROCESS_FAIL")
        shop.put(kind, key, _without(doc, keep={"menuId", "menuType"} if kind == "menu" else {OWN[kind]}))

    def update(self, kind: str, body: Json) -> None:
        """Change or delete all objects that a body names."""
        own = body[OWN[kind]]
        changes = {name: value for name, value in body.items() if name not in PLACES and name != OWN[kind]}
        if any(value in ("", {}, []) for name, value in changes.items() if name in REQUIRED[kind]):
            raise illegal()
        found = self._meant(kind, own, body)
        if body.get("isDeleted"):
            for shop, key in found:
                shop.drop(kind, key)
            return
        if not found:
            raise illegal()
        links = changes.get("childItemIds" if kind == "group" else "modifierGroupIds") or []
        for shop, _ in found if links else ():
            shop.check_links(kind, own, links)
        for shop, key in found:
            if "itemStatus" in changes:
                shop.status[kind, key] = changes["itemStatus"] or "AVAILABLE"
            shop.of[kind][key] = _patched(shop.of[kind][key], changes)

    def _meant(self, kind: str, own: str, body: Json) -> list[tuple[Shop, Key]]:
        """Return what an id and the given parents name; refuse parents that are not there."""
        named = {name: shop for name, shop in self.shops.items() if body.get("storeId", name) == name}
        found = [(shop, key) for shop in named.values() if not shop.deleted for key in shop.find(kind, own, body)]
        if not found and "storeId" in body:
            self.living(body["storeId"]).check_parents(kind, body)
        return found

    def update_store(self, body: Json) -> None:
        """Change or delete a store."""
        changes = {name: value for name, value in body.items() if name not in {"storeId", "isDeleted"}}
        if any(value == "" for name, value in changes.items() if name in REQUIRED["store"]):
            raise illegal()
        if body.get("isDeleted"):
            if body["storeId"] in self.shops:
                self.shops[body["storeId"]].deleted = True
            return
        shop = self.living(body["storeId"])
        shop.doc = _patched(shop.doc, changes)


def _without(doc: Json, keep: set[str] | None = None) -> Json:
    """Take a document's place out of it, for that is its key."""
    keep = keep or ({"menuId", "menuType"} if "title" in doc and "categoryId" not in doc else set(OWN.values()))
    kept = {name: value for name, value in doc.items() if name not in PLACES or name in keep}
    if "categoryId" in doc and "title" in doc:
        kept.pop("menuId", None)
    return kept


def _patched(doc: Json, changes: Json) -> Json:
    """Put in what is given, take out what is empty, merge texts by column and language."""
    new = dict(doc)
    for name, value in changes.items():
        if name == "itemStatus":
            continue
        if value in ("", {}, []):
            new.pop(name, None)
        elif name == "multiLanguageDetails":
            texts = {
                (one["column"], one["languageKey"].lower().replace("_", "-")): one
                for one in [*new.get(name, []), *value]
            }
            new[name] = list(texts.values())
        else:
            new[name] = value
    return new
