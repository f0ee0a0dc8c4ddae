"""What pages name exists: links, headings, commands, make targets, settings, files, tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs import pages
from docs.pages import ROOT, name_of
from dstore import apis, settings
from dstore.apis.pds import brand
from dstore.cli import app
from dstore.protocol.api import Api, collect
from dstore.results import Code
from dstore.storage import schema

PAGES = {name_of(page): page for page in pages.documents()}
WRITTEN = {name: page for name, page in PAGES.items() if not name.startswith("docs/reference/")}
DECISIONS = sorted(page for name, page in PAGES.items() if re.match(r"docs/decisions/\d", name))
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")

every_page = pytest.mark.parametrize("name", PAGES)
every_written_page = pytest.mark.parametrize("name", WRITTEN)


def links(page: Path) -> list[str]:
    return _LINK.findall(pages.prose(page))


def local_links(page: Path) -> list[tuple[Path, str]]:
    """Return where a page's links to this repository lead: the file and the heading."""
    parts = [link.partition("#") for link in links(page) if "://" not in link and not link.startswith("mailto:")]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get."""
    headings = re.findall(r"^#+ +(.*)$", pages.prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)
    return {*plain, *re.findall(r'<a id="([^"]+)"', page.read_text(encoding="utf-8"))}


def code_of(page: Path) -> list[str]:
    """Return the code on a page: what stands between back-ticks, and the lines of its shell blocks."""
    spans = [" ".join(span.split()) for span in _CODE.findall(pages.prose(page))]
    shell = [line for block in pages.blocks(page) if block.language == "sh" for line in block.text.splitlines()]
    return [*spans, *shell]


@every_page
def test_every_link_leads_somewhere(name: str) -> None:
    for target, anchor in local_links(PAGES[name]):
        assert target.exists(), f"{name} links to {target}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name} links to #{anchor} of {name_of(target)}"


def test_every_page_is_reached_from_the_readme() -> None:
    waiting, reached = [ROOT / "README.md"], set()
    while waiting:
        page = waiting.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            waiting += [target for target, _ in local_links(page)]
    lost = set(PAGES) - {name_of(page) for page in reached}
    assert lost == set(), "link them from docs/index.md"


@every_written_page
def test_every_command_on_a_page_exists(name: str) -> None:
    for code in code_of(WRITTEN[name]):
        for words in re.findall(r"(?:^|[|(;] *)dstore((?: [a-z]+)+)", code):
            command = app
            for word in words.split():
                known = {one for one in command if not one.startswith("-")}
                if not known:
                    break  # what follows are the command's arguments
                assert word in known, f"{name}: {code}"
                command = command[word]


@every_written_page
def test_every_make_target_on_a_page_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for code in code_of(WRITTEN[name]):
        for target in re.findall(r"^make(?: [A-Z]+=\S+)? ([a-z][a-z-]*)", code):
            assert target in targets, f"{name}: {code}"


@every_written_page
def test_every_setting_on_a_page_exists(name: str) -> None:
    known = {settings.PREFIX + one.upper() for one in settings.names()} | {
        "DSTORE_TEST_POSTGRES",
        "DSTORE_TEST_BROWSER",
    }
    named = set(re.findall(r"DSTORE_[A-Z_]*[A-Z]", WRITTEN[name].read_text(encoding="utf-8")))
    assert {one.removesuffix("_FILE") for one in named} <= known


# The guide speaks of files that are to be made.
@pytest.mark.parametrize("name", sorted(WRITTEN.keys() - {"CONTRIBUTING.md"}))
def test_every_file_of_the_program_on_a_page_exists(name: str) -> None:
    for code in code_of(WRITTEN[name]):
        if re.fullmatch(r"[a-z_]+/(?:[a-z_]+/)*(?:[a-z_]+\.py)?", code):
            places = (ROOT / code, ROOT / "src/dstore" / code)
            assert any(place.exists() for place in places), f"{name}: {code}"


@every_page
def test_json_on_a_page_is_json(name: str) -> None:
    for block in pages.blocks(PAGES[name]):
        if block.language == "json":
            json.loads(block.text)


def test_the_readme_names_every_api() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {one.name for one in collect(apis).values() if f"`{one.name}`" not in text} == set()


def test_the_architecture_names_every_table() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    created = {table for _, _, sql in schema.steps() for table in re.findall(r"create table (\w+)", sql)}
    assert {table for table in created if f"`{table}`" not in text} == set()


def test_the_architecture_names_every_folder_of_the_program() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    parts = [*(ROOT / "src/dstore").iterdir()]
    folders = {f"`{part.name}/" for part in parts if part.is_dir() and not part.name.startswith("_")}
    modules = {f"`{part.name}`" for part in parts if part.suffix == ".py" and not part.name.startswith("_")}
    assert {part for part in folders | modules if part not in text} == set()


def test_pages_name_only_result_codes_that_exist() -> None:
    shaped = re.compile(r"\b(?:[A-Z]+_)+(?:ILLEGAL|FAIL|API|SIGNATURE|DENIED|LIMIT|EXCEPTION)\b")
    named = {code for page in WRITTEN.values() for code in shaped.findall(page.read_text(encoding="utf-8"))}
    settings_named = {one for one in named if one.startswith("DSTORE_")}
    assert named - settings_named <= {code.name for code in Code}


def test_decisions_are_numbered_listed_and_have_their_parts() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    for number, page in enumerate(DECISIONS, 1):
        text = page.read_text(encoding="utf-8")
        title = text.partition("\n")[0]
        assert page.name.startswith(f"{number:04}-")
        assert title.startswith(f"# {number}. ")
        assert f"[{title.removeprefix(f'# {number}. ')}]({page.name})" in listed
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Considered"]


@pytest.mark.parametrize(
    "name", ["docs/tutorial-menu.md", "docs/howto/restore-a-sync.md", "docs/howto/sold-out-and-hours.md"]
)
def test_labels_on_the_merchants_pages_stand_in_the_console(name: str) -> None:
    console = [path for path in (ROOT / "src/dstore/console").rglob("*") if path.suffix in {".py", ".html"}]
    said = {
        text for path in console for text in re.findall(r'(?:_|marked)\("([^"]+)"', path.read_text(encoding="utf-8"))
    }
    labels = [" ".join(one.split()) for one in re.findall(r"\*\*([A-Z][^*]*[^*.])\*\*", pages.prose(WRITTEN[name]))]
    assert labels
    assert [one for one in labels if one not in said] == []


def test_the_glossary_is_in_order() -> None:
    terms = re.findall(r"^\*\*([^*]+)\*\*", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert terms == sorted(terms, key=str.lower)
    assert len(set(terms)) == len(terms)


def test_the_api_that_the_guide_adds_is_one() -> None:
    (example,) = (block.text for block in pages.blocks(ROOT / "CONTRIBUTING.md") if block.language == "python")
    names = dict(vars(brand))
    exec(compile("from __future__ import annotations\n" + example, "CONTRIBUTING.md", "exec"), names)
    added = names["add_brand"].api
    assert isinstance(added, Api)
    assert added.path == "/v2/pds/store/addBrand"
    plan = added.plan(b'{"requestId":"r1","brand":{"brandId":"b1","brandName":"B"}}', is_large=False)
    assert plan.request_id == "r1"
