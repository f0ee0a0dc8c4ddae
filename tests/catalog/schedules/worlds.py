"""Random rules, zones and stretches of days for the comparison with the slow reading; every case has its seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from catalog.schedules.slow import DAY_MINUTES, DAYS, Rule, Stretch

ZONES: dict[str, tzinfo] = {
    "GMT+8:00": timezone(timedelta(hours=8)),
    "GMT-3:30": timezone(-timedelta(hours=3, minutes=30)),
    "+05:45": timezone(timedelta(hours=5, minutes=45)),
    "UTC": UTC,
    **{
        name: ZoneInfo(name)
        for name in (
            "Asia/Singapore", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham",
            "Africa/Cairo", "America/Havana", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Apia", "Asia/Kolkata",
        )
    },
}  # fmt: skip
SPECIAL = [datetime(2024, 2, 29, tzinfo=UTC), datetime(2028, 2, 28, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)]
SKIPPED_DAY = datetime(2011, 12, 30, tzinfo=UTC)  # Samoa went over the date line and had none
TIMES = ["00:00", "00:30", "01:00", "01:59", "02:00", "02:15", "02:30", "02:45", "03:00", "03:30", "06:00", "10:00", "12:00", "12:00", "13:00", "18:00", "22:00", "23:00", "23:30", "23:59", "24:00"]  # fmt: skip
SHARED = 5  # seeds in a row that share zone and days, so that the slow tables are made less often
OFFSETS = ["+08:00", "-05:00", "Z", "+0530", "+01:00"]


@cache
def changes(name: str) -> list[datetime]:
    """Return the days before a zone's offset changes, from 2020 to 2037."""
    zone, day, found = ZONES[name], datetime(2020, 1, 1, tzinfo=UTC), []
    while day.year < 2037:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            found.append(day)
        day = following
    return found


class World:
    """A zone and some days in it, picked by a seed; rules that are about those days."""

    def __init__(self, seed: int, days: int = 3) -> None:
        self.random = Random(seed // SHARED)
        self.zone_text = self.random.choice(list(ZONES))
        around = self._around()
        self.start = around - timedelta(minutes=self.random.randrange(days * DAY_MINUTES // 2))
        self.start = self.start.replace(second=0)
        self.end = self.start + timedelta(days=days)
        first = int(self.start.timestamp()) // 60
        self.stretch = Stretch(ZONES[self.zone_text], first, first + days * DAY_MINUTES)
        self.random = Random(seed)

    def _around(self) -> datetime:
        pick = self.random.random()
        if self.zone_text == "Pacific/Apia" and pick < 0.5:
            return SKIPPED_DAY
        if pick < 0.6 and changes(self.zone_text):
            return self.random.choice(changes(self.zone_text)) + timedelta(hours=12)
        if pick < 0.7:
            return self.random.choice(SPECIAL)
        return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=self.random.randrange(17 * 365 * DAY_MINUTES))

    def moment(self, *, finer: bool = False) -> datetime:
        """Return a moment of the stretch, often on a whole half hour, seldom (finer) between two minutes."""
        minutes = self.random.randrange((self.end - self.start) // timedelta(minutes=1))
        moment = self.start + timedelta(minutes=minutes)
        if self.random.random() < 0.3:
            moment = max(moment.replace(minute=moment.minute // 30 * 30), self.start)
        if finer and self.random.random() < 0.2:
            moment += timedelta(seconds=self.random.choice([1, 30, 59.999999]))
        return moment

    def time(self) -> str:
        pick = self.random.random()
        if pick < 0.8:
            return self.random.choice(TIMES)
        return f"{self.random.randrange(24):02}:{self.random.randrange(60):02}"

    def slot(self) -> Rule:
        start, end = self.time(), self.time()
        pick = self.random.random()
        if pick < 0.1:
            offset = self.random.choice(OFFSETS)
            start, end = start + offset, end + offset
        elif pick < 0.15:
            start, end = start + self.random.choice(OFFSETS), end + self.random.choice(["", *OFFSETS])
        elif pick < 0.18:
            end += self.random.choice(OFFSETS)
        return {"startTime": start, "endTime": end}

    def slots(self, most: int = 3) -> list[Rule]:
        """Return some slots; every other one touches the one before it."""
        found: list[Rule] = []
        for _ in range(self.random.randrange(most + 1)):
            slot = self.slot()
            if found and self.random.random() < 0.5:
                slot["startTime"] = found[-1]["endTime"]
            found.append(slot)
        return found

    def week_days(self) -> list[str]:
        return self.random.sample(DAYS, self.random.randrange(8))

    def range_of(self) -> tuple[str, str]:
        """Return two moments as text: about the stretch, within it, or with it far inside."""
        pick = self.random.random()
        if pick < 0.4:
            start, end = self.start - timedelta(days=90), self.end + timedelta(days=self.random.choice([90, 9000]))
        else:
            start = self.start + timedelta(minutes=self.random.randrange(-2000, 3000))
            end = start + timedelta(minutes=self.random.choice([-5, 0, 45, 600, 2000, 5000]))
        if self.random.random() < 0.2:
            end += timedelta(seconds=1, microseconds=self.random.choice([0, 500_000]))
        clock = self.random.choice([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=9, minutes=30))])
        return start.astimezone(clock).isoformat(), end.astimezone(clock).isoformat()

    def timed(self, member: str) -> list[Rule]:
        """Return elements of a timed rule; `member` is what they set."""
        found = []
        for number in range(self.random.choice([1, 1, 2, 3, 5])):
            start, end = self.range_of()
            one: Rule = {"from": start, "to": end}
            if self.random.random() < 0.7:
                one["weekDays"] = self.week_days()
            if self.random.random() < 0.8:
                one["timeSlot"] = self.slot()
            if member == "saleAmount":
                one |= {"saleAmount": 100 + number, "currency": "SGD"}
            else:
                one[member] = self.random.choice(["AVAILABLE", "SOLDOUT"])
            found.append(one)
        return found

    def availability(self) -> list[Rule]:
        days = self.random.choices(DAYS, k=self.random.randrange(9))
        return [{"dayOfWeek": day, "timePeriods": self.slots()} for day in days]

    def schedule(self) -> list[Rule]:
        """Return elements of a schedule: weekly or daily ones, dated ones, exceptions."""
        found = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3])):
            one: Rule = {}
            is_off = self.random.random() < 0.3
            if self.random.random() < (0.8 if is_off else 0.3):
                one["startTime"], one["endTime"] = self.range_of()
            if is_off:
                one["serviceStatus"] = "OFF"
            if not is_off or self.random.random() < 0.4:
                daily = self.random.random() < 0.3
                names = ["FIXED"] if daily else self.random.sample(DAYS, self.random.randrange(8))
                one |= {
                    "scheduleType": "DAILY" if daily else "WEEKLY",
                    "schedules": {day: self.slots() for day in names},
                }
            if self.random.random() < 0.6:
                one["supportDays"] = self.random.randrange(5)
            found.append(one)
        return found

    def pick_up_rules(self) -> list[Rule]:
        found = []
        for _ in range(self.random.choice([0, 0, 1, 2])):
            one = self.slot()
            for name, values in (
                ("step", ["30", 15, "0", 45]),
                ("supportDays", [0, 1, 2, 3]),
                ("minPrepareMinutes", [0, 15, 90]),
            ):
                if self.random.random() < 0.7:
                    one[name] = self.random.choice(values)
            found.append(one)
        return found
