"""What is published about the storefront is what it does: schemas of answers, and the list of reasons."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from dstore import apis, samples
from dstore.protocol.api import collect
from dstore.reference.document import document
from dstore.storefront.reasons import REASONS
from dstore.web.languages import Words
from storefront import shops

if TYPE_CHECKING:
    from harness.platform import Platform

ROOT = "/storefront/v1/stores"
READS: dict[str, dict[str, Any]] = {
    "menu": {"at": "2026-12-04T12:00", "language": "zh"},
    "slots": {"service": "PICKUP"},
    "delivery-quote": {"distance": 100, "amount": 5000},
    "translations": {"language": "zh"},
}


@pytest.fixture(scope="module")
def published() -> Any:
    return document(apis)


def fits(published: Any, path: str, status: int, body: bytes, method: str = "get") -> None:
    [content] = published["paths"][path][method]["responses"][str(status)]["content"].values()
    schema = {**content["schema"], "components": published["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(json.loads(body))


def test_every_answer_about_every_sample_store_fits_its_schema(platform: Platform, published: Any) -> None:
    for sample in samples.all():
        [path] = {one.path for one in collect(apis).values() if sample in samples.of(one)}
        assert platform.call(path, sample.body).code == "SUCCESS"
    listed = platform.get(ROOT)
    fits(published, ROOT, 200, listed.body)
    for store in json.loads(listed.body)["stores"]:
        for what, query in READS.items():
            answer = shops.ask(platform, store["id"], what, **query)
            fits(published, f"{ROOT}/{{id}}/{what}", answer.status, answer.body)
        items = shops.items(shops.read(platform, store["id"], at="2026-12-04T12:00"))
        for item in [*items, "nothing"]:
            for sku in [{}, *({"sku": one["id"]} for one in items.get(item, {}).get("skus", ()))]:
                status, answer = shops.price(platform, store["id"], {"item": item, **sku}, expected=1)
                fits(published, f"{ROOT}/{{id}}/price", status, json.dumps(answer).encode(), "post")


def test_every_reason_is_explained_and_said_in_chinese() -> None:
    page = (Path(__file__).parents[2] / "docs/explanation/what-a-diner-sees.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    explained = {code for row in rows for code in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert explained == set(REASONS)
    chinese = Words("zh")
    assert [code for code, text in REASONS.items() if chinese.say(text) == text] == []
