"""Languages, money and times on pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from dstore.web.formats import Formats
from dstore.web.languages import negotiated
from harness.person import Person

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hant-HK", "zh"),
        ("fr, de;q=0.5", "en"),
        ("en;q=0.2, zh;q=0.7", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        (";;;q=x,,*;q=nan", "en"),
        ("fr;q=1," * 5000 + "zh", "en"),
    ],
)
def test_the_browsers_wish_decides_the_language(header: str, language: str) -> None:
    assert negotiated(header) == language


def test_a_choice_goes_before_the_browsers_wish_and_leads_back(platform: Platform) -> None:
    person = Person(platform).open("/console/sign-in", accept_language="zh")
    assert "登录控制台" in person.words
    person.send("/preferences", language="en", theme="dark")
    assert person.at == "/console/sign-in"
    person.open("/console/sign-in", accept_language="zh")
    assert "Sign in to the Console" in person.words
    assert 'data-theme="dark"' in person.text
    person.post("/preferences", {"language": "zh", "back": "https://evil.example/"})
    assert "evil" not in person.at


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        ("en", 123456, "SGD", "SGD\u00a01,234.56"),
        ("zh", 123456, "CNY", "¥1,234.56"),
        ("en", 1500, "JPY", "¥1,500"),
        ("en", 12345, "KWD", "KWD\u00a012.345"),
        ("en", 0, "MYR", "MYR\u00a00.00"),
    ],
)
def test_money_is_written_by_the_currencys_own_digits(language: str, amount: int, currency: str, written: str) -> None:
    assert Formats(language).money(amount, currency) == written


def test_moments_are_written_in_the_zone_and_language_asked_for() -> None:
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    singapore = ZoneInfo("Asia/Singapore")
    assert Formats("en").moment(moment, singapore).replace("\u202f", " ") == "Nov 23, 2026, 7:30:00 AM"
    assert Formats("zh").day(moment.astimezone(singapore).date()) == "2026年11月23日"
    assert Formats("en").ago(moment - timedelta(minutes=5), moment) == "5 minutes ago"
    assert Formats("en").ago(moment, moment) == "1 second ago"
    assert Formats("en").ago(moment + timedelta(hours=2), moment) == "in 2 hours"
