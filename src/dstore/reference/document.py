"""The whole OpenAPI document of this program: the signed calls, our own endpoints, codes, limits, scenes, rules."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import msgspec

from dstore import samples
from dstore.findings import RULES
from dstore.protocol import openapi
from dstore.protocol.api import collect
from dstore.protocol.schemas import Schemas
from dstore.reference import endpoints
from dstore.vocabulary import scenes
from dstore.vocabulary.limits import LIMITS

if TYPE_CHECKING:
    from types import ModuleType

    from dstore.protocol.api import Api

ABOUT = """\
An open digital-store platform for food and beverage. POS providers and ISVs feed stores and menus over signed calls
below `/v2/`; diners' clients read them below `/storefront/`."""
SCENES = {"store": scenes.STORE_SCENES, "item": scenes.ITEM_SCENES, "sku": scenes.SKU_SCENES}
FAMILIES = {"pos": "POS providers", "pds": "SaaS providers and ISVs"}
OWN_TAGS = [
    {"name": "storefront", "x-title": "Storefront", "description": "What diners' clients read."},
    {
        "name": "operations",
        "x-title": "Operations",
        "description": "For whoever runs the platform, and for whoever calls it.",
    },
]


def document(package: ModuleType) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the APIs below a package and of our own endpoints.

    It is the same for the same program and the same limits.
    """
    apis = dict(sorted(collect(package).items(), key=lambda pair: _place(pair[1])))
    messages = list(dict.fromkeys(one.message for one in apis.values()))
    data = [kind for table in SCENES.values() for kind in table.values()]
    schemas = Schemas([*messages, *data, *endpoints.KINDS])
    for one in {one.path: one for one in apis.values() if one.takes_clears}.values():
        schemas.let_clear(one.message, partial(_must_say_something, one))
    shared = openapi.components()
    return {
        "openapi": openapi.VERSION,
        "info": {
            "title": "dstore",
            "version": version("dstore"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This platform."}],
        "tags": [*_tags(package, [openapi.family(one) for one in apis.values()]), *OWN_TAGS],
        "paths": {**openapi.paths(apis, schemas, samples.of), **endpoints.paths(schemas)},
        "components": {
            **shared,
            "schemas": dict(
                sorted({**shared["schemas"], **endpoints.components(schemas), **schemas.components}.items())
            ),
        },
        "x-result-codes": openapi.result_codes(),
        "x-limits": {name: limit._asdict() for name, limit in LIMITS.items()},
        "x-rule-data": {
            kind: {scene: schemas.of(shape) for scene, shape in table.items()} for kind, table in SCENES.items()
        },
        "x-findings": {
            name: {"severity": "error" if rule.error else "warning", "advice": rule.advice}
            for name, rule in RULES.items()
        },
    }


def _must_say_something(one: Api, member: str) -> bool:
    """Return whether an update refuses an empty member outright: tried on a sample, as the API itself knows best."""
    shown = samples.of(one)
    tried = {**(shown[0].body if shown else {}), member: ""}
    return any(found.path == member and found.is_error for found in one.findings(msgspec.json.encode(tried)))


def _place(one: Api) -> tuple[int, int]:
    """Return where an API stands: POS before ISVs, and in the order of use, which is that of the samples."""
    family, chain = openapi.family(one), samples.all()
    uses = [index for index, sample in enumerate(chain) if (sample.family, sample.api) == (family, one.name)]
    return list(FAMILIES).index(family) if family in FAMILIES else len(FAMILIES), min(uses, default=len(chain))


def _tags(package: ModuleType, names: list[str]) -> list[dict[str, str]]:
    """Return a tag for each family, described by its package's docstring."""
    return [
        {
            "name": name,
            "x-title": FAMILIES.get(name, name),
            "description": (import_module(f"{package.__name__}.{name}").__doc__ or "").strip(),
        }
        for name in dict.fromkeys(names)
    ]
