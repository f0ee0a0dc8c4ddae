"""The API description tells the truth: it is valid, complete, and what is committed is what the program generates."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import openapi_spec_validator
import pytest
from starlette.applications import Starlette

from dstore import apis, app, samples, settings
from dstore.cli import app as command_line
from dstore.cli import describing
from dstore.clock import SystemClock
from dstore.protocol.api import collect
from dstore.reference.document import document
from harness.platform import Platform

if TYPE_CHECKING:
    from dstore.samples import Sample

ROOT = Path(__file__).parents[2]
DOCUMENT = document(apis)


def schema_of(schema: Any) -> jsonschema_rs.Validator:
    """A validator of one schema of the document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def answer_of(path: str, status: str = "200") -> jsonschema_rs.Validator:
    [content] = DOCUMENT["paths"][path]["get"]["responses"][status]["content"].values()
    return schema_of(content["schema"])


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_committed_files_are_what_the_program_generates() -> None:
    wanted = describing.generated(command_line)
    present = [one.relative_to(ROOT).as_posix() for one in (ROOT / describing.REFERENCE).glob("*")]
    odd = {name for name, text in wanted.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text}
    assert sorted(odd | (set(present) - set(wanted))) == [], "run `make docs` and commit what it changes"


def test_what_is_generated_does_not_depend_on_the_environment(tmp_path: Path) -> None:
    (tmp_path / describing.REFERENCE).mkdir(parents=True)
    (tmp_path / describing.REFERENCE / "gone.md").touch()
    odd = {"DSTORE_LIMITS": "products=50000,name=512", "DSTORE_PORT": "1", "COLUMNS": "33", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "dstore", "docs", "--into", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, **odd}, capture_output=True, timeout=60)
    wanted = describing.generated(command_line)
    written = {one.relative_to(tmp_path).as_posix(): one.read_text() for one in tmp_path.rglob("*") if one.is_file()}
    assert written == wanted


def test_every_route_of_the_application_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes: list[Any] = []

    def starlette(**given: Any) -> Starlette:
        routes.extend(given["routes"])
        return Starlette(**given)

    monkeypatch.setattr(app, "Starlette", starlette)
    Platform(f"sqlite:///{tmp_path / 'dstore.db'}").close()
    # Pages are for people, and their forms for the pages; the description is for programs.
    for_programs = {
        route.path for route in routes if not re.match(r"/($|s$|s/|console|assets|preferences|photos)", route.path)
    }
    undescribed = for_programs ^ {path for path in DOCUMENT["paths"] if not path.startswith("/v2/")}
    assert undescribed == set()
    assert {path for path in DOCUMENT["paths"] if path.startswith("/v2/")} == set(collect(apis))


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_every_operation_has_a_summary_of_one_sentence(path: str) -> None:
    for operation in DOCUMENT["paths"][path].values():
        assert re.fullmatch(r"[A-Z/].{5,}\.", operation["summary"])


def test_every_signed_call_is_described_in_words_and_by_samples() -> None:
    for path, one in collect(apis).items():
        operation = DOCUMENT["paths"][path]["post"]
        assert operation["description"]
        shown = operation["requestBody"]["content"]["application/json"].get("examples", {})
        assert [each["value"] for each in shown.values()] == (
            [each.body for each in samples.of(one)] if path == one.path else []
        )


def test_every_member_of_every_object_is_described() -> None:
    silent = [
        f"{name}.{member}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for member, one in schema.get("properties", {}).items()
        if not is_described(one)
    ]
    assert silent == []


def is_described(schema: Any) -> bool:
    """Whether there are words: its own, or those of the object it holds."""
    if "anyOf" in schema and not schema.get("description"):
        return all(is_described(one) or one.get("type") == "number" for one in schema["anyOf"])
    if "$ref" in schema:
        return bool(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["description"])
    return bool(schema.get("description")) or ("items" in schema and is_described(schema["items"]))


@pytest.mark.parametrize("sample", samples.all(), ids=lambda one: f"{one.family}-{one.api}.{one.name}")
def test_every_sample_fits_its_published_schema(sample: Sample) -> None:
    [path] = {one.path for one in collect(apis).values() if sample in samples.of(one)}
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert [error.message for error in schema_of(content["schema"]).iter_errors(sample.body)] == []


def test_rule_data_of_every_sample_fits_the_published_shape_of_its_scene() -> None:
    checked = set()
    for sample in samples.all():
        for kind, rule in rules_in(sample.body):
            schema_of(DOCUMENT["x-rule-data"][kind][rule["scene"]]).validate(json.loads(rule["ruleData"]))
            checked.add((kind, rule["scene"]))
    assert checked == {(kind, scene) for kind, table in DOCUMENT["x-rule-data"].items() for scene in table}


def rules_in(value: Any) -> list[tuple[str, Any]]:
    """The business rules anywhere in a message, each with the kind of object that carries it."""
    if isinstance(value, list):
        return [rule for one in value for rule in rules_in(one)]
    if not isinstance(value, dict):
        return []
    kind = "sku" if "skuId" in value else "item" if "itemId" in value else "store"
    own = [(kind, rule) for rule in value.get("businessRules", [])]
    return own + [rule for one in value.values() for rule in rules_in(one)]


@pytest.mark.parametrize(
    ("path", "wrong", "where"),
    [
        ("/v2/pos/syncStore", {"store": {"status": "SHUT"}}, "status"),
        ("/v2/pos/syncProduct", {"products": []}, "products"),
        ("/v2/pos/syncProduct", {"requestId": "x" * 256}, "requestId"),
        ("/v2/pds/item/updateItem", {"skus": [{"image": "a"}]}, "skus"),
        ("/v2/pds/item/updateItem", {"priceInfo": {}}, "priceInfo"),
        ("/v2/pds/item/updateItem", {"menuType": ""}, "menuType"),
    ],
)
def test_the_published_schema_refuses_what_the_platform_refuses(path: str, wrong: Any, where: str) -> None:
    one = collect(apis)[path]
    body = {**samples.of(one)[0].body, **wrong}
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert any(where in list(map(str, error.instance_path)) for error in schema_of(content["schema"]).iter_errors(body))
    assert any(where in found.path and found.is_error for found in one.findings(json.dumps(body).encode()))


@pytest.mark.parametrize("path", [path for path, one in collect(apis).items() if one.takes_clears])
def test_every_member_that_is_said_to_be_clearable_can_be_sent_empty(platform: Platform, path: str) -> None:
    one = collect(apis)[path]
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    shape = DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    clearable = [
        name
        for name, member in shape["properties"].items()
        if {"$ref": "#/components/schemas/Empty"} in member.get("anyOf", ())
    ]
    for sample in samples.all():
        if sample.family == "pds" and not sample.api.startswith("update"):
            [other] = {each.path for each in collect(apis).values() if sample in samples.of(each)}
            assert platform.call(other, sample.compact).code == "SUCCESS"
    named = {name: samples.of(one)[0].body[name] for name in shape["required"]}
    assert "multiLanguageDetails" in clearable
    assert platform.call(path, {**named, **dict.fromkeys(clearable, "")}).message == "success"


def test_what_the_platform_answers_fits_the_published_schemas(platform: Platform) -> None:
    refusal = platform.call("/v2/pos/syncStore", {})
    schema_of({"$ref": "#/components/schemas/Answer"}).validate(json.loads(refusal.body))
    for sample in samples.all():
        [path] = {one.path for one in collect(apis).values() if sample in samples.of(one)}
        platform.call(path, sample.compact)
    stores = json.loads(platform.get("/storefront/v1/stores").body)
    answer_of("/storefront/v1/stores").validate(stores)
    assert len(stores["stores"]) == 6
    for index in range(4):
        answer_of("/storefront/v1/stores/{id}/menu").validate(platform.menu(index))
    answer_of("/limits").validate(json.loads(platform.get("/limits").body))
    missing = platform.get("/storefront/v1/stores/none/menu")
    answer_of("/storefront/v1/stores/{id}/menu", "404").validate(json.loads(missing.body))


def test_the_served_document_is_the_generated_one(platform: Platform) -> None:
    answer = platform.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == DOCUMENT
    again = platform.get("/openapi.json", if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_page_needs_nothing_but_its_own_files(platform: Platform) -> None:
    page = platform.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"
    )
    text = page.body.decode()
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', text)
    assert sorted(loaded) == ["docs/icon.svg", "docs/reference.css", "docs/reference.js"]
    for name in loaded:
        assert platform.get(f"/{name}").status == 200
    assert platform.get("/docs/other.js").status == 404
    assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", text)


def test_every_link_of_the_page_leads_somewhere(platform: Platform) -> None:
    text = platform.get("/docs").body.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_the_page_shows_every_call_object_code_and_sample(platform: Platform) -> None:
    text = platform.get("/docs").body.decode()
    for path in DOCUMENT["paths"]:
        assert f"<code>{path}</code>" in text
    for name in DOCUMENT["components"]["schemas"].keys() - {"Answer", "Empty"}:
        assert f'id="o-{name}"' in text
    for code in DOCUMENT["x-result-codes"]:
        assert f"<code>{code}</code>" in text
    for sample in samples.all():
        assert f"<summary>{sample.title}</summary>" in text


def test_links_between_the_markdown_files_lead_somewhere() -> None:
    folder = ROOT / describing.REFERENCE
    for file in folder.glob("*.md"):
        for target, anchor in re.findall(r"\]\(([\w.-]*)#?([\w-]*)\)", file.read_text()):
            other = folder / target if target else file
            assert other.exists(), f"{file.name}: {target}"
            headings = re.findall(r"^#+ `?(.+?)`?$", other.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            assert not anchor or anchor in anchors, f"{file.name}: {target}#{anchor}"


def test_the_clock_of_the_machine_is_not_in_the_document() -> None:
    assert str(SystemClock().now().date()) not in json.dumps({**DOCUMENT, "paths": {}, "components": {}})
    assert settings.PREFIX not in json.dumps(DOCUMENT["components"])
