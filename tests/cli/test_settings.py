"""Settings on the command line: what is in force, without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dstore import settings

if TYPE_CHECKING:
    from cli.terminal import Run


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:s3cret%zz@h/db", "postgresql://u:s3cret/more@h/db", "postgresql://h/db?user=u&passwort=s3cret"],
)
def test_a_database_url_that_can_not_be_read_is_not_repeated(
    dstore: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DSTORE_DATABASE", url)
    done = dstore("migrate")
    assert done.code == 1
    assert done.error.startswith("dstore: the database URL can not be read")
    assert "s3cret" not in done.out + done.error


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:s3cret@h/db", "postgresql://u:***@h/db"),
        ("postgresql://h/db?password=s3cret&port=1", "postgresql://h/db?password=***&port=1"),
        ("postgresql://h/db?port=1&sslpassword=s3cret", "postgresql://h/db?port=1&sslpassword=***"),
    ],
)
def test_the_settings_in_force_are_shown_without_passwords(url: str, shown: str) -> None:
    assert settings.shown(settings.load({}, database=url)[0], "database") == shown
