"""Four shops to look at, with ids that never change: documentation, demo and tests speak of the same things."""

from __future__ import annotations

from typing import Any

from dstore.sandbox.catalogues import pos_catalogue

Json = dict[str, Any]
ACCOUNT = "kopi-and-co"
COFFEE_SHOP = "Kopi & Co"
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def _price(value: int) -> Json:
    return {"currency": "SGD", "value": value}


def _product(kind: str, name: str, title: str, **more: Any) -> Json:
    return {"posProductId": name, "type": kind, "status": "AVAILABLE", "name": title, **more}


def _single(name: str, title: str, value: int, *groups: str, **more: Any) -> Json:
    links: Json = {"subProducts": list(groups)} if groups else {}
    return _product("SINGLE", name, title, price=_price(value), **links, **more)


def _group(name: str, title: str, least: int, most: int, *children: str) -> Json:
    return _product("GROUP", name, title, quantityRule={"min": least, "max": most}, subProducts=list(children))


def _modifier(name: str, title: str, value: int, *groups: str, most: int = 1) -> Json:
    links: Json = {"subProducts": list(groups)} if groups else {}
    return _product("MODIFIER", name, title, price=_price(value), quantityRule={"min": 0, "max": most}, **links)


def _within(group: str, least: int, most: int, value: int | None = None) -> list[Json]:
    price: Json = {} if value is None else {"price": _price(value)}
    return [{"posProductIds": [group], "quantityRule": {"min": least, "max": most}, **price}]


def coffee_shop() -> list[Json]:
    """Return a coffee shop: sizes as variants, hot or cold with ice below cold, add-ons shared by all drinks."""
    free: Json = {"min": 0, "max": 1000}
    sizes = [("short", "Short", 420), ("tall", "Tall", 520), ("grande", "Grande", 620)]
    variants = [
        _single(
            f"latte-{key}",
            f"{title} latte",
            value,
            "temperature",
            "extras",
            quantityRule=free,
            overloads=_within("latte-size", 0, 1),
        )
        for key, title, value in sizes
    ]
    return [
        _single("latte", "Caffè latte", 0, "latte-size"),
        _group("latte-size", "Size", 1, 1, *(one["posProductId"] for one in variants)),
        *variants,
        _single("kopi", "Kopi", 180, "temperature"),
        _single("teh-tarik", "Teh tarik", 200, "temperature", "sweetness"),
        _group("temperature", "Hot or cold", 1, 1, "hot", "cold"),
        _modifier("hot", "Hot", 0),
        _modifier("cold", "Cold", 50, "ice"),
        _group("ice", "Ice", 0, 1, "less-ice", "no-ice"),
        _modifier("less-ice", "Less ice", 0),
        _modifier("no-ice", "No ice", 0),
        _group("sweetness", "Sweetness", 0, 1, "siew-dai", "kosong"),
        _modifier("siew-dai", "Less sweet", 0),
        _modifier("kosong", "No sugar", 0),
        _group("extras", "Extras", 0, 3, "shot", "oat", "vanilla"),
        _modifier("shot", "Extra shot", 90, most=2),
        _modifier("oat", "Oat milk", 80),
        _modifier("vanilla", "Vanilla syrup", 70),
        _single("kaya-toast", "Kaya toast", 240),
        {**_single("eggs", "Soft-boiled eggs", 210), "status": "SOLDOUT"},
    ]


def burger_shop() -> list[Json]:
    """Return a burger shop: a combo, a bundle, and toppings that several burgers share."""
    free: Json = {"min": 0, "max": 1000}
    return [
        _single("set-meal", "Burger set meal", 1290, "set-burger", "set-drink"),
        _group("set-burger", "Burger", 1, 1, "chicken-burger", "cheese-burger"),
        _group("set-drink", "Drink", 1, 1, "cola", "iced-tea"),
        _single(
            "chicken-burger",
            "Chicken burger",
            890,
            "toppings",
            quantityRule=free,
            overloads=_within("set-burger", 0, 1, 0),
        ),
        _single(
            "cheese-burger",
            "Double cheese burger",
            1090,
            "toppings",
            quantityRule=free,
            overloads=_within("set-burger", 0, 1, 200),
        ),
        _group("toppings", "Toppings", 0, 4, "bacon", "egg", "onions"),
        _modifier("bacon", "Bacon", 150, most=2),
        _modifier("egg", "Fried egg", 120),
        _modifier("onions", "Crispy onions", 80),
        _single(
            "cola",
            "Cola",
            320,
            quantityRule=free,
            overloads=[*_within("set-drink", 0, 1, 0), *_within("two-drinks", 0, 2, 0)],
        ),
        _single(
            "iced-tea",
            "Iced tea",
            380,
            quantityRule=free,
            overloads=[*_within("set-drink", 0, 1, 50), *_within("two-drinks", 0, 2, 0)],
        ),
        _single("duo", "Two cold drinks", 550, "two-drinks"),
        _group("two-drinks", "Choose two", 2, 2, "cola", "iced-tea"),
        _single("fries", "Fries", 390, "dips"),
        _group("dips", "Dips", 0, 2, "mayo", "curry-dip"),
        _modifier("mayo", "Mayonnaise", 0, most=2),
        _modifier("curry-dip", "Curry dip", 60, most=2),
    ]


def _amount(value: int, **more: int) -> Json:
    return {"saleAmount": value, "currency": "SGD", **more}


def _addon(name: str, title: str, value: int, *groups: Json) -> Json:
    nested: Json = {"modifierGroups": list(groups)} if groups else {}
    return {
        "itemInfo": {"itemId": name, "itemTitle": title, "itemStatus": "AVAILABLE", "priceInfo": _amount(value)},
        **nested,
    }


def _choices(name: str, title: str, least: int, most: int, *children: Json) -> Json:
    info = {"groupId": name, "groupName": title, "quantityRule": {"min": least, "max": most}}
    return {"modifierGroupInfo": info, "childItems": list(children)}


def _hours(start: str, end: str) -> list[Json]:
    return [{"dayOfWeek": day, "timePeriods": [{"startTime": start, "endTime": end}]} for day in WEEK]


def shopping_area() -> Json:
    """Return the hawker centre that the stall stands in."""
    return {
        "areaId": "toa-payoh",
        "name": "Toa Payoh Night Market",
        "address": "Block 210, Lorong 8 Toa Payoh, Singapore",
        "serviceAvailabilityList": _hours("17:00", "02:00"),
        "location": {"latitude": "1.3389", "longitude": "103.8575", "postCode": "310210"},
        "timeZone": "GMT+8:00",
        "contactPhoneNos": ["61234567"],
        "pickUpAddress": "Counter beside gate 2",
    }


def hawker_stall() -> Json:
    """Return a hawker stall: SKUs, add-ons with add-ons of their own, hours past midnight."""
    sides = _choices("sides", "With it", 0, 1, _addon("lettuce", "Lettuce", 30), _addon("peanuts", "Peanuts", 40))
    toppings = _choices(
        "toppings", "Toppings", 0, 3,
        _addon("chicken", "Chicken", 150, sides), _addon("prawn", "Prawns", 250), _addon("tofu", "Tofu", 100),
    )  # fmt: skip
    sizes = {"propertyGroupKey": "size", "propertyGroupName": "Size"}
    spice = {"propertyGroupKey": "spice", "propertyGroupName": "Spiciness"}
    hor_fun = {
        "itemId": "hor-fun",
        "itemTitle": "Stir-fried hor fun",
        "itemDescription": "Flat rice noodles from a very hot wok.",
        "itemStatus": "AVAILABLE",
        "quantityRule": {"min": 0, "max": 20},
        "priceInfo": _amount(650, originAmount=700),
        "multiLanguageDetails": [{"column": "itemTitle", "languageKey": "zh_cn", "value": "干炒河粉"}],
        "skuPropertyGroups": [
            {**sizes, "properties": [_value("Small", "S"), _value("Large", "L")]},
            {**spice, "properties": [_value("Mild", "mild"), _value("Hot", "hot")]},
        ],
        "skus": [
            {
                "skuId": f"hf-{size}-{heat}",
                "skuPropertyPairs": {"size": size, "spice": heat},
                "priceInfo": _amount(price),
            }
            for size, price in (("S", 500), ("L", 650))
            for heat in ("mild", "hot")
        ],
    }
    satay = {
        "itemId": "satay",
        "itemTitle": "Satay, ten sticks",
        "itemStatus": "AVAILABLE",
        "priceInfo": _amount(800),
        "serviceAvailabilityList": _hours("22:00", "02:00"),
    }
    items = [{"itemInfo": hor_fun, "modifierGroups": [toppings]}, {"itemInfo": satay}]
    category = {"categoryInfo": {"categoryId": "wok", "title": "From the wok"}, "items": items}
    menu = {"menuId": "night", "menuType": "PICKUP", "title": "Night menu", "pickUpRules": [_PICK_UP]}
    return {
        "storeInfo": {
            "storeId": "ah-seng",
            "areaId": "toa-payoh",
            "name": "Ah Seng Hor Fun",
            "storeType": "HAWKER",
            "address": "Stall 17, Block 210, Lorong 8 Toa Payoh",
            "location": {"latitude": "1.3389", "longitude": "103.8575"},
            "timeZone": "GMT+8:00",
            "contactPhoneNos": ["61234568"],
            "serviceAvailabilityList": _hours("18:00", "02:00"),
        },
        "menus": [{"menuInfo": menu, "categories": [category]}],
    }


_PICK_UP: Json = {"startTime": "18:00", "endTime": "02:00", "step": "15", "supportDays": 2, "minPrepareMinutes": 10}


def _value(name: str, value: str) -> Json:
    return {"propertyName": name, "propertyValue": value}


def feeds() -> list[tuple[str, str, Json]]:
    """Return (title, path, body) of the calls that feed the four shops, in order; POS first, then the ISV."""

    def sync(store: str, name: str, products: list[Json]) -> Json:
        return {
            "requestId": f"seed-{store}",
            "posAccountId": ACCOUNT,
            "store": {"posStoreId": store, "name": name},
            "products": products,
        }

    pos, pds = "/v2/pos", "/v2/pds/store"
    opening = {
        "posStoreId": "coffee",
        "name": COFFEE_SHOP,
        "status": "OPEN",
        "fullAddress": "12 Beach Road, Singapore",
        "mobileNo": "61230001",
    }
    area, stall = [shopping_area()], [hawker_stall()]
    return [
        (
            "open the coffee shop",
            f"{pos}/syncStore",
            {"requestId": "seed-open", "posAccountId": ACCOUNT, "store": opening},
        ),
        ("its products", f"{pos}/syncProduct", sync("coffee", COFFEE_SHOP, coffee_shop())),
        ("a burger shop", f"{pos}/syncProduct", sync("burger", "Patty Bros", burger_shop())),
        ("a store with 1,000 items", f"{pos}/syncProduct", sync("big", "The Thousand", pos_catalogue(1000))),
        ("a shopping area", f"{pds}/initializeShoppingArea", {"requestId": "seed-area", "shoppingAreas": area}),
        ("a hawker stall in it", f"{pds}/initializeStore", {"requestId": "seed-stall", "stores": stall}),
    ]


def later_feeds() -> list[tuple[str, str, Json]]:
    """Return the calls of a later day: in the coffee shop a name, a price, something new, something gone; cola sold out."""
    changed: dict[str, Json] = {
        "kopi": {"price": _price(190)},
        "teh-tarik": {"name": "Teh tarik, hand-pulled"},
    }
    products = [
        {**one, **changed.get(one["posProductId"], {})} for one in coffee_shop() if one["posProductId"] != "eggs"
    ]
    products.append(_single("lemon-tea", "Iced lemon tea", 260))
    path = "/v2/pos/syncProduct"

    def sync(number: int, store: str, content: list[Json]) -> Json:
        return {
            "requestId": f"later-{number}",
            "posAccountId": ACCOUNT,
            "store": {"posStoreId": store},
            "products": content,
        }

    return [
        ("the coffee shop again", path, sync(1, "coffee", products)),
        ("cola is sold out", path, sync(2, "burger", [{"posProductId": "cola", "status": "SOLDOUT"}])),
    ]
