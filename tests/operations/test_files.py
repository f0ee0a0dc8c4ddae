"""A store as a file: what is exported, imported elsewhere and exported again is the same, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dstore.cli import main
from dstore.sandbox.catalogues import pds_store
from harness import stall, terrace
from harness.platform import Platform
from operations.reading import product, sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Platform]:
    """A platform of its own whose stores went through a little of everything."""
    one = Platform(f"sqlite:///{tmp_path / 'source.db'}")
    sync(one, "r1", product("p1"), product("p2"), {**product("p3"), "name": "\u7c89 \u2028 \U0001f35c"})
    sync(one, "r2", product("p2", price=7), product("p4"))
    one.call("syncProduct", {
        "requestId": "r3", "posAccountId": "a1", "store": {"posStoreId": "s1"},
        "products": [{"posProductId": "p2", "status": "SOLDOUT"}],
    })  # fmt: skip
    brand = {"brandId": "b1", "brandName": "Brand"}
    assert one.call("initializeBrand", {"requestId": "b", "brands": [brand]}).code == "SUCCESS"
    stall.initialize(one, stall.noodles(), pds_store("large", 30, 1))
    one.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "isDeleted": "DELETED"})
    terrace.must(one, terrace.small("hidden"))
    terrace.must(one, {"storeId": "hidden", "status": "INVALID"})
    yield one
    one.close()


def run(*arguments: str) -> None:
    """Run the command line; it must succeed."""
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert end.value.code == 0


def test_export_import_export_is_lossless_on_both_databases(
    source: Platform, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Platform(database_url)
    try:
        stores = [row[0] for row in source.rows("select public_id from store order by public_id")]
        assert len(stores) == 5
        for public_id in stores:
            first, second = tmp_path / f"{public_id}-1.json", tmp_path / f"{public_id}-2.json"
            run("export", public_id, "--output", str(first), "--database", source.url)
            run("import", str(first), "--database", target.url)
            run("export", public_id, "--output", str(second), "--database", target.url)
            assert first.read_bytes() == second.read_bytes()
        listed = "/storefront/v1/stores"
        assert target.get(listed).body == source.get(listed).body
        kept = "select s.public_id, e.kind, e.key, e.status, e.version, e.doc from entry e join store s on s.tree = e.tree order by 1, 2, 3"
        assert [(*row[:5], bytes(row[5])) for row in target.rows(kept)] == source.rows(kept)
        assert target.rows("select ref from store where hidden = 1") == [("hidden",)]
        # It goes on from where it was: the next change has the next version.
        sync(target, "r9", product("p2", price=8))
        assert target.rows("select version from store where feed = 'pos'") == [(4,)]
    finally:
        target.close()
    assert "version 3" in capsys.readouterr().out


def test_a_store_is_named_by_partner_and_its_own_id_too(
    source: Platform, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("export", "c1/s1", "--database", source.url)
    assert b'"ref":"s1"' in capsysbinary.readouterr().out


@pytest.mark.parametrize("arguments", [["export", "nobody"], ["export", "c1/nothing"]])
def test_what_can_not_be_exported_is_said_in_one_line(
    source: Platform, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*arguments, "--database", source.url])
    assert capsys.readouterr().err == f"dstore: there is no store {arguments[1]}\n"


def test_what_is_there_is_not_imported_over(
    source: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, before = tmp_path / "store.json", source.rows("select * from entry order by tree, kind, key")
    run("export", "c1/stall1", "--output", str(file), "--database", source.url)
    for text, said in (
        (file.read_text(), "is there already"),
        (file.read_text().replace('"c1"', '"c9"'), "no partner c9"),
        (file.read_text()[:-50], "is no file of `dstore export`"),
        (file.read_text().replace("dstore store 1", "dstore store 7"), "is no file of `dstore export`"),
    ):
        file.write_text(text)
        with pytest.raises(SystemExit):
            main(["import", str(file), "--database", source.url])
        assert said in capsys.readouterr().err
        run("export", "c1/stall1", "--output", str(file), "--database", source.url)
        capsys.readouterr()
    assert source.rows("select * from entry order by tree, kind, key") == before
