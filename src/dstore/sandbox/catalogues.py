"""Made-up shops of any size, the same on every machine: load for demo, benchmarks and tests. Pure functions."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

Json = dict[str, Any]

SECTION_ITEMS = 100
SECTION_GROUPS = 10
SHAPED_ITEMS = 5
CURRENCY = "SGD"
_STYLES = (
    "Classic", "Signature", "Spicy", "Smoked", "Grilled", "Crispy", "House", "Double", "Garden", "Black pepper",
    "Honey", "Salted egg",
)  # fmt: skip


class Section(NamedTuple):
    """A part of a shop: its heading, what it sells, and the choices that come with it."""

    title: str
    dishes: tuple[str, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...]


_TEMPERATURE = ("Temperature", ("Hot", "Warm", "Iced"))
_SUGAR = ("Sugar level", ("No sugar", "Half sugar", "Full sugar", "Extra sugar"))
_ICE = ("Ice", ("No ice", "Less ice", "Normal ice"))
_MILK = ("Milk", ("Fresh milk", "Oat milk", "Soy milk", "Evaporated milk"))
_SPICE = ("Level of spiciness", ("No chilli", "Less chilli", "Extra chilli"))
_SIDE = ("Side dish", ("French fries", "Coleslaw", "Garden salad", "Mashed potato"))
_SAUCE = ("Sauce", ("Black pepper", "Mushroom", "Garlic butter"))
_EXTRA = ("Add something", ("Fried egg", "Cheese", "Bacon", "Avocado"))
_CUTLERY = ("Cutlery", ("None", "Fork and spoon", "Chopsticks"))
_PORTION = ("Rice", ("Normal rice", "Brown rice", "Extra rice"))
_CHOICES = (_TEMPERATURE, _SUGAR, _ICE, _MILK, _SPICE, _SIDE, _SAUCE, _EXTRA, _CUTLERY, _PORTION)

SECTIONS = (
    Section("Coffee", ("espresso", "flat white", "cappuccino", "latte", "mocha", "long black", "affogato", "cortado", "cold brew"), _CHOICES),
    Section("Tea", ("milk tea", "oolong", "jasmine tea", "earl grey", "matcha", "chai", "lemon tea", "hojicha", "teh tarik"), _CHOICES),
    Section("Burgers", ("chicken burger", "beef burger", "fish burger", "veggie burger", "slider", "cheeseburger", "tofu burger", "prawn burger", "lamb burger"), _CHOICES),
    Section("Noodles", ("hor fun", "laksa", "wonton mee", "char kway teow", "mee goreng", "ban mian", "udon", "ramen", "prawn mee"), _CHOICES),
    Section("Rice", ("chicken rice", "nasi lemak", "claypot rice", "biryani", "fried rice", "katsudon", "bibimbap", "duck rice", "congee"), _CHOICES),
    Section("Grill", ("satay", "ribs", "sirloin", "lamb chop", "salmon", "chicken wings", "squid", "pork belly", "corn"), _CHOICES),
    Section("Bakery", ("croissant", "kaya toast", "scone", "brownie", "muffin", "bagel", "cinnamon roll", "tart", "sourdough"), _CHOICES),
    Section("Salads", ("caesar salad", "cobb salad", "poke bowl", "quinoa bowl", "rojak", "coleslaw bowl", "tuna salad", "fruit bowl", "gado gado"), _CHOICES),
    Section("Soups", ("tom yum", "bak kut teh", "miso soup", "pumpkin soup", "fish soup", "sup tulang", "minestrone", "pho", "hot and sour soup"), _CHOICES),
    Section("Desserts", ("chendol", "ice kachang", "mango pudding", "tau huay", "gelato", "cheesecake", "pandan cake", "pulut hitam", "sago"), _CHOICES),
)  # fmt: skip


def pos_catalogue(items: int, seed: int = 1) -> list[Json]:
    """Return the `products` of a syncProduct: `items` SINGLEs, with 12 groups and 34 modifiers for each hundred.

    Groups are shared by many items, one group of each section is nested, and each section has an item in three
    sizes and a set meal that holds other items at a lower price.
    """
    random = Random(seed)  # noqa: S311 - a catalogue is no secret
    products: list[Json] = []
    for start in range(0, items, SECTION_ITEMS):
        products += _pos_section(random, start // SECTION_ITEMS, min(SECTION_ITEMS, items - start))
    return products


def _pos_section(random: Random, number: int, items: int) -> list[Json]:
    section = SECTIONS[number % len(SECTIONS)]
    groups = _pos_choices(random, section, f"{number:03}", max(1, items * SECTION_GROUPS // SECTION_ITEMS))
    shared = [one["posProductId"] for one in groups if one["type"] == "GROUP"]
    names = iter(_names(section, items))
    has_shapes = items > SHAPED_ITEMS
    singles = [
        _single(random, f"p{number:03}-{index:03}", next(names), _some(random, shared))
        for index in range(items - SHAPED_ITEMS if has_shapes else items)
    ]
    if has_shapes:
        singles += _variant(random, f"p{number:03}", next(names)) + _set_meal(random, f"p{number:03}", singles)
    return singles + groups


def _some(random: Random, shared: list[str]) -> list[str]:
    return random.sample(shared, min(random.randint(0, 3), len(shared)))


def _names(section: Section, count: int) -> list[str]:
    pairs = [f"{style} {dish}" for dish in section.dishes for style in _STYLES]
    return [pairs[index % len(pairs)] for index in range(count)]


def _price(random: Random, least: int, most: int) -> Json:
    return {"currency": CURRENCY, "value": random.randrange(least, most, 10)}


def _single(random: Random, key: str, name: str, groups: list[str]) -> Json:
    status = "SOLDOUT" if random.random() < 0.02 else "AVAILABLE"  # noqa: PLR2004 - one in fifty
    single = {"posProductId": key, "type": "SINGLE", "status": status, "name": name, "price": _price(random, 350, 2490)}
    if groups:
        single["subProducts"] = groups
    return single


def _pos_choices(random: Random, section: Section, number: str, count: int) -> list[Json]:
    """Return `count` groups with their modifiers; the ice group hangs below the iced drink."""
    products: list[Json] = []
    for place in range(count):
        title, names = section.choices[place % len(section.choices)]
        keys = [f"m{number}-{place:02}-{index}" for index in range(len(names))]
        products.append(_group(f"g{number}-{place:02}", title, 0, len(names), keys))
        for key, name in zip(keys, names, strict=True):
            modifier = {
                "posProductId": key,
                "type": "MODIFIER",
                "status": "AVAILABLE",
                "name": name,
                "price": _price(random, 0, 300),
                "quantityRule": {"min": 0, "max": 1},
            }
            if name == "Iced" and count > 2:  # noqa: PLR2004 - the ice group is the third
                modifier["subProducts"] = [f"g{number}-02"]
            products.append(modifier)
    return products


def _group(key: str, name: str, least: int, most: int, children: list[str]) -> Json:
    return {
        "posProductId": key,
        "type": "GROUP",
        "status": "AVAILABLE",
        "name": name,
        "quantityRule": {"min": least, "max": most},
        "subProducts": children,
    }


def _variant(random: Random, prefix: str, name: str) -> list[Json]:
    """Return an item in three sizes: each size is a SINGLE with a quantity rule of its own inside the group."""
    group = f"{prefix}-size"
    products = [_single(random, f"{prefix}-any", name, [group])]
    for size in ("Small", "Medium", "Large"):
        one = _single(random, f"{prefix}-{size.lower()}", f"{size} {name.lower()}", [])
        one["quantityRule"] = {"min": 0, "max": 1000}
        one["overloads"] = [{"posProductIds": [group], "quantityRule": {"min": 0, "max": 1}}]
        products.append(one)
    return [*products, _group(group, "Size", 1, 1, [one["posProductId"] for one in products[1:]])]


def _set_meal(random: Random, prefix: str, singles: list[Json]) -> list[Json]:
    """Return a set meal of three of the section's items, which cost less inside it."""
    group = f"{prefix}-main"
    parts = singles[:3]
    for part in parts:
        part["quantityRule"] = {"min": 0, "max": 1000}
        lower = {"currency": CURRENCY, "value": part["price"]["value"] // 2}
        part["overloads"] = [{"posProductIds": [group], "price": lower, "quantityRule": {"min": 0, "max": 1}}]
    meal = _single(random, f"{prefix}-set", f"{parts[0]['name']} set meal", [group])
    return [meal, _group(group, "Main dish", 1, 2, [part["posProductId"] for part in parts])]


_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_SIZES = ("Small", "Large")
_HEAT = ("No chilli", "Less chilli", "Normal spicy", "Extra chilli")
_CATEGORY_ITEMS = 50
_IMAGES = "https://www.example.com/images/uploads/meals"


def pds_store(store_id: str, items: int, seed: int = 1) -> Json:
    """Return one of the `stores` of an initializeStore: about 1.7 kB for each of `items` orderable items.

    Every hundred items have 12 modifier groups with 36 add-ons; a group that several items share is repeated in
    each of them, word for word. Every third item has four SKUs. Names no area and no brand.
    """
    random = Random(f"{seed} {store_id}")  # noqa: S311 - a catalogue is no secret
    groups = [_pds_group(random, store_id, index) for index in range(max(1, items * 12 // 100))]
    half = (items + 1) // 2
    menus = [
        _pds_menu(random, store_id, menu_type, range(start, end), groups)
        for menu_type, start, end in (("PICKUP", 0, half), ("DINEIN", half, items))
        if end > start
    ]
    return {"storeInfo": _store_info(store_id), "menus": menus}


def _store_info(store_id: str) -> Json:
    return {
        "storeId": store_id,
        "name": f"Toy Kitchen {store_id}",
        "storeType": "RESTAURANT",
        "address": "12 Beach Road, Toy District, Singapore",
        "images": [f"{_IMAGES}/{store_id}/front.jpg"],
        "announcement": [{"contentType": "TEXT", "value": "Open all week"}],
        "description": "Noodles, rice and coffee, made to order",
        "location": {"latitude": "1.29", "longitude": "103.85", "postCode": "189673"},
        "timeZone": "GMT+8:00",
        "cuisine": "local food",
        "contactPhoneNos": ["65550100"],
        "pickUpAddress": "Counter 3, ground floor",
        "pickUpContactDetails": [{"name": "Will", "phoneNo": "65550101"}],
        "banners": [{"imageUrl": f"{_IMAGES}/{store_id}/banner.jpg", "landingUrl": "https://www.example.com"}],
    }


def _pds_menu(random: Random, store_id: str, menu_type: str, items: range, groups: list[Json]) -> Json:
    menu_id = f"{store_id}-{menu_type.lower()}"
    info = {"menuId": menu_id, "storeId": store_id, "menuType": menu_type, "title": menu_type.capitalize()}
    pick_up = {"startTime": "10:00", "endTime": "21:00", "step": "30", "supportDays": 2, "minPrepareMinutes": 15}
    categories = [
        _pds_category(random, store_id, menu_id, items[start : start + _CATEGORY_ITEMS], groups)
        for start in range(0, len(items), _CATEGORY_ITEMS)
    ]
    return {"menuInfo": {**info, "subTitle": "", "description": "", "pickUpRules": [pick_up]}, "categories": categories}


def _pds_category(random: Random, store_id: str, menu_id: str, items: range, groups: list[Json]) -> Json:
    number = items[0] // _CATEGORY_ITEMS
    section = SECTIONS[number % len(SECTIONS)]
    category_id = f"{menu_id}-{number:03}"
    info = {"storeId": store_id, "menuId": menu_id, "categoryId": category_id, "title": section.title, "subTitle": ""}
    return {
        "categoryInfo": {**info, "icon": f"{_IMAGES}/icons/{section.title.lower()}.jpg"},
        "items": [
            {
                "categoryId": category_id,
                "itemInfo": _item_info(random, f"{store_id}-i{index:05}", name, index % 3 == 0),
                "modifierGroups": random.sample(groups, min((0, 1, 1, 2)[index % 4], len(groups))),
            }
            for index, name in zip(items, _names(section, len(items)), strict=True)
        ],
    }


def _price_info(random: Random, least: int, most: int) -> Json:
    amount = random.randrange(least, most, 10)
    return {"originAmount": amount + 100, "saleAmount": amount, "currency": CURRENCY}


def _item_info(random: Random, item_id: str, name: str, has_skus: bool) -> Json:
    info = {
        "quantityRule": {"min": 0, "max": 99},
        "itemTitle": name,
        "itemId": item_id,
        "images": [f"{_IMAGES}/{random.getrandbits(128):032x}.jpg"],
        "priceInfo": _price_info(random, 1500, 2500),
        "serviceAvailabilityList": [
            {"dayOfWeek": day, "timePeriods": [{"description": "opening hours", "startTime": "10:00", "endTime": "22:00"}]}
            for day in random.sample(_DAYS, 2)
        ],
        "itemStatus": "SOLDOUT" if random.random() < 0.02 else "AVAILABLE",  # noqa: PLR2004 - one in fifty
        "itemDescription": f"{name}, cooked when you order it",
    }  # fmt: skip
    return {**info, **_skus(random, item_id)} if has_skus else info


def _skus(random: Random, item_id: str) -> Json:
    """Return two properties and the four SKUs that cover them."""
    properties = (("size", "Size", _SIZES), ("heat", "Level of spiciness", _HEAT))
    pairs = [(size, heat) for size in _SIZES for heat in random.sample(_HEAT, 2)]
    return {
        "skuPropertyGroups": [
            {
                "propertyGroupKey": key,
                "propertyGroupName": title,
                "properties": [{"propertyName": value, "propertyValue": value} for value in values],
            }
            for key, title, values in properties
        ],
        "skus": [
            {
                "skuId": f"{item_id}-s{index}",
                "image": f"{_IMAGES}/{random.getrandbits(128):032x}.jpg",
                "priceInfo": _price_info(random, 900, 1500),
                "skuPropertyPairs": {"size": size, "heat": heat},
            }
            for index, (size, heat) in enumerate(pairs)
        ],
    }


def _pds_group(random: Random, store_id: str, index: int) -> Json:
    title, names = _CHOICES[index % len(_CHOICES)]
    group = f"{store_id}-g{index:04}"
    return {
        "modifierGroupInfo": {"groupName": title, "groupId": group, "quantityRule": {"min": 0, "max": 3}},
        "childItems": [
            {
                "itemInfo": {
                    "itemTitle": name,
                    "itemId": f"{group}-a{place}",
                    "itemStatus": "AVAILABLE",
                    "itemDescription": "",
                    "priceInfo": _price_info(random, 20, 300),
                }
            }
            for place, name in enumerate(names[:3])
        ],
    }
