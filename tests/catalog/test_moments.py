"""Moments, times of day and zones in every form of the contract, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.moments import is_moment, is_time_of_day, read_moment, read_zone
from dstore.catalog.schedules.hours import read_slot
from dstore.catalog.schedules.local_time import DAY
from dstore.vocabulary.fnb import TimePeriod

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-04T00:00:00+08:00", datetime(2024, 1, 3, 16, tzinfo=UTC)),
        ("2022-09-21T00:00:01+08:00", datetime(2022, 9, 20, 16, 0, 1, tzinfo=UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("2024-01-04T00:00:00.5-03:30", datetime(2024, 1, 4, 3, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_moment_is_iso_8601_with_an_offset(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment
    assert is_moment(text)


@pytest.mark.parametrize("text", ["", "today", "2024-01-04", "2024-01-04T00:00:00", "2023-02-29T00:00:00Z", "1704326400000", "2024-01-04T24:01:00Z"])  # fmt: skip
def test_anything_else_is_no_moment(text: str) -> None:
    assert read_moment(text) is None
    assert not is_moment(text)


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}])
def test_other_types_are_no_moments(value: object) -> None:
    assert not is_moment(value)


@pytest.mark.parametrize(
    "text",
    [
        "00:00",
        "09:30",
        "23:59",
        "24:00",
        "10:00:00",
        "10:00+08:00",
        "10:00:00+0800",
        "10:00Z",
        "23:59:59",
        "24:00:00",
        "24:00:00+08:00",
    ],
)
def test_a_time_of_day_has_hours_and_minutes(text: str) -> None:
    assert is_time_of_day(text)


@pytest.mark.parametrize("text", ["", "9:30", "24:01", "25:00", "12:60", "12", "1200", "noon", " 10:00", "10:00 ", "10:00pm", "-1:00", "10:00+99:00", "10:00+08:60", "\u0661\u0660:\u0660\u0660", "10:00+8", "10:00\n", "10:00:60", "10:00:99", "24:00:01", "24:00:59+08:00", "10:00:\u0663\u0660", "10:00+0\u0668:00"])  # fmt: skip
def test_anything_else_is_no_time_of_day(text: str) -> None:
    assert not is_time_of_day(text)


@pytest.mark.parametrize(
    ("text", "winter", "summer"),
    [
        ("GMT+8:00", 8, 8), ("GMT+08:00", 8, 8), ("GMT+8", 8, 8), ("+08:00", 8, 8), ("+8", 8, 8), ("+0800", 8, 8), ("UTC+8", 8, 8), ("GMT", 0, 0),
        ("UTC", 0, 0), ("GMT-5:30", -5.5, -5.5), ("-09:30", -9.5, -9.5), ("+14:00", 14, 14), (" GMT+8:00 ", 8, 8), ("Asia/Singapore", 8, 8),
        ("Europe/Berlin", 1, 2), ("America/New_York", -5, -4), ("Asia/Kolkata", 5.5, 5.5), ("Etc/GMT-8", 8, 8),
    ],
)  # fmt: skip
def test_a_zone_is_an_offset_or_an_iana_name(text: str, winter: float, summer: float) -> None:
    zone = read_zone(text)
    assert zone is not None
    offsets = [one.astimezone(zone).utcoffset() for one in (WINTER, SUMMER)]
    assert offsets == [timedelta(hours=winter), timedelta(hours=summer)]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "GMT+15:00", "+99:00", "GMT+8:60", "GMT++8", "Moon/Base", "asia", "Asia", "Asia/", "/Asia/Singapore", "../etc/passwd", "/etc/passwd",
        "zone.tab", "tzdata.zi", "leapseconds", "__init__.py", ".", "..", "a//b", "x" * 255, "💥", "Asia/Singapore\0", "\x01", "C:\\", "Asia\\Singapore",
    ],
)  # fmt: skip
def test_anything_else_is_no_zone_and_no_fault(text: str) -> None:
    assert read_zone(text) is None


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    read_zone(text)
    read_moment(text)
    is_time_of_day(text)


@given(st.from_regex(r"\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?", fullmatch=True))
def test_every_time_of_day_can_be_read_and_is_of_its_day(text: str) -> None:
    if is_time_of_day(text):
        assert 0 <= read_slot(TimePeriod(text, text)).start <= DAY
