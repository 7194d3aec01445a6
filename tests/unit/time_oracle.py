#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times as Python's datetime and zoneinfo have them.

usage: time_oracle.py random COUNT SEED
       time_oracle.py zones EVERY

The first makes times at random, in random zones and forms. The second goes
through every EVERYth zone of tzdata, and asks for the seconds around each of
its changes, up to the year 2262. A line has a word and its values, with tabs
between:

    offset ZONE SECONDS                  OFFSET LETTERS
    shown  ZONE YEAR MONTH ... SECOND    SECONDS OFFSET
    parse  ZONE FORMAT TEXT              NANOSECONDS OFFSET
    print  ZONE FORMAT NANOSECONDS       TEXT
    start  ZONE UNIT NANOSECONDS         NANOSECONDS
    fold   ZONE FOLD TEXT                SECONDS OFFSET, or - for none
    slice  ZONE PERIOD ORIGIN NANOSECONDS  NANOSECONDS
"""
import random
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone
from zoneinfo import _zoneinfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FIRST, LAST = -(2**63) // 10**9 + 1, 2**63 // 10**9 - 1
# Offsets that are no whole minutes are written with seconds.
FORMATS = [
    "%Y-%m-%d %H:%M:%S.%f %z", "%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %T %z",
    "%A %B %d %Y %I:%M:%S %p", "%Y%m%dT%H%M%S%z", "%j of %Y at %H:%M:%S",
    "%D %R %p %z", "%F %T", "%e. %B %Y, %k:%M:%S", "%l %p on %b %e %Y %M:%S",
    "%F%%%T.%f"]
PRINTED = FORMATS + ["%G-W%V-%u", "%U %W %w %C %y", "%h %n%t%r %Z", "%Y %Z"]


def show(*values):
    print(*values, sep="\t")


def seconds_of(moment):
    return (moment - EPOCH) // timedelta(seconds=1)


def at(seconds, zone):
    return (EPOCH + timedelta(seconds=seconds)).astimezone(zone)


def offset_of(moment):
    return int(moment.utcoffset().total_seconds())


def ask_offset(key, zone, seconds):
    if FIRST <= seconds <= LAST:
        moment = at(seconds, zone)
        show("offset", key, seconds, offset_of(moment), moment.tzname())


def ask_shown(key, zone, shown):
    """What clocks show: seconds since 1970, were they at UTC."""
    if not FIRST + 10**6 <= shown <= LAST - 10**6:
        return
    naive = datetime(1970, 1, 1) + timedelta(seconds=shown)
    moment = naive.replace(tzinfo=zone)
    show("shown", key, *naive.timetuple()[:6], shown - offset_of(moment),
         offset_of(moment))


def ask_fold(key, zone, shown):
    """What they show, where that may be twice or never."""
    if not FIRST + 10**6 <= shown <= LAST - 10**6:
        return
    naive = datetime(1970, 1, 1) + timedelta(seconds=shown)
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    one = offset_of(second) == offset_of(first)
    if offset_of(second) > offset_of(first):
        second = first
    text = naive.strftime("%Y-%m-%d %H:%M:%S")
    show("fold", key, 1, text, shown - offset_of(second), offset_of(second))
    show("fold", key, 2, text, shown - offset_of(first) if one else "-",
         offset_of(first))


# ---- Random times -----------------------------------------------------------


def some_seconds():
    kind = random.randrange(4)
    if kind == 0:
        return random.randrange(FIRST + 10**6, LAST - 10**6)
    if kind == 1:
        return random.randrange(2**31)
    day = random.randrange(-100000, 100000) * 86400
    return day + random.choice([-1, 0, 1, 86399, 43200])


def ask_form(key, zone, moment):
    """One of the forms that are known without a format."""
    digits = random.choice([0, 1, 3, 6])
    fraction = f"{moment.microsecond:06}"[:digits]
    cut = moment.replace(
        microsecond=int(fraction.ljust(6, "0")) if digits else 0)
    nanoseconds = (cut - EPOCH) // timedelta(microseconds=1) * 1000
    point = random.choice(".,") + fraction if digits else ""
    text = cut.strftime(random.choice(["%Y-%m-%dT%T", "%Y-%m-%d %T",
                                       "%Y/%m/%d %T", "%Y%m%dT%H%M%S"])) + point
    text += random.choice(["", " "]) + cut.strftime("%z")
    show("parse", key, "", text, nanoseconds, offset_of(cut))
    if 1900 <= cut.year < 2200:
        show("parse", key, "", cut.strftime("%Y%m%d%H%M%S") + point +
             cut.strftime("%z"), nanoseconds, offset_of(cut))
        start = cut.replace(tzinfo=None, fold=0, hour=0, minute=0, second=0,
                            microsecond=0).replace(tzinfo=zone)
        show("parse", key, "", start.strftime("%Y%m%d"),
             seconds_of(start) * 10**9, offset_of(start))
    month = cut.strftime(random.choice(["%b", "%B"]))
    day = random.choice([f"{cut.day}", f"{cut.day:2}", f"{cut.day:02}"])
    clock = cut.strftime("%T") + point
    text = random.choice([
        f"{cut:%a} {month} {day} {clock} {cut:%z} {cut.year:04}",
        f"{cut:%A}, {day.strip()} {month} {cut.year:04} {clock} {cut:%z}",
        f"{day.strip()}-{month}-{cut.year:04} {clock} {cut:%z}",
        f"{month} {day}, {cut.year:04} {clock} {cut:%z}"])
    show("parse", key, "", text, nanoseconds, offset_of(cut))
    # The letters tell one of two from the other.
    letters = cut.tzname()
    if letters.isalpha() and letters not in ("UTC", "GMT", "UT", "Z") and \
            cut.microsecond * 1000 == nanoseconds % 10**9:
        others = {at(seconds_of(cut) + away * 3600, zone).utcoffset() for away
                  in range(-30, 31) if at(seconds_of(cut) + away * 3600,
                                          zone).tzname() == letters}
        if len(others) == 1:
            show("parse", key, "", f"{cut:%F} {clock} {letters}", nanoseconds,
                 offset_of(cut))
    seconds = seconds_of(cut.replace(microsecond=0))
    # Eight digits that begin as a year of 1900 to 2199 are a date, if any.
    is_dated = len(str(seconds)) == 8 and str(seconds)[:2] in ("19", "20", "21")
    if 0 < seconds and digits and not is_dated:
        show("parse", key, "", f"{seconds}.{fraction}", nanoseconds,
             offset_of(cut))
    if 10**12 <= nanoseconds // 10**6 < 10**13:
        show("parse", key, "", nanoseconds // 10**6,
             nanoseconds // 10**6 * 10**6, offset_of(cut))
        show("parse", key, "", nanoseconds, nanoseconds, offset_of(cut))


def ask_format(key, zone, moment):
    form = random.choice(FORMATS)
    text = moment.strftime(form)
    kept = moment
    if "%f" not in form:
        kept = kept.replace(microsecond=0)
    if "%S" not in form and "%T" not in form:
        kept = kept.replace(second=0)
    if "%y" in form or "%D" in form:
        if not 1969 <= moment.year <= 2068:
            return
    if "%z" not in form:
        naive = kept.replace(tzinfo=None, fold=0)
        kept = naive.replace(tzinfo=zone)
    # A time that clocks skip is not the same when it comes back.
    show("parse", key, form, text.replace("\n", " "),
         (kept.astimezone(timezone.utc) - EPOCH) // timedelta(microseconds=1) *
         1000, offset_of(kept))


def ask_print(key, zone, moment):
    form = random.choice(PRINTED)
    text = moment.strftime(form)
    if "\n" in text or "%t" in form:
        return
    nanoseconds = (moment - EPOCH) // timedelta(microseconds=1) * 1000
    show("print", key, form, nanoseconds, text)


def ask_start(key, zone, moment):
    unit = random.randrange(3, 8)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    naive = day.replace(tzinfo=None)
    if unit == 4:
        naive -= timedelta(days=naive.weekday())
    elif unit == 5:
        naive = naive.replace(day=1)
    elif unit == 6:
        naive = naive.replace(day=1, month=(naive.month - 1) // 3 * 3 + 1)
    elif unit == 7:
        naive = naive.replace(day=1, month=1)
    start = naive.replace(tzinfo=zone)
    seconds = seconds_of(start)
    if seconds > FIRST:
        show("start", key, unit, (moment - EPOCH) //
             timedelta(microseconds=1) * 1000, seconds * 10**9)


def ask_slice(key, zone, moment):
    """The start of its slice of days, weeks or months, or of seconds."""
    number = random.choice([1, 1, 1, 2, 3, 5, 10])
    unit = random.choice("dwmqyh")
    nanoseconds = (moment - EPOCH) // timedelta(microseconds=1) * 1000
    period = f"{number}{'mo' if unit == 'm' else unit}"
    if unit == "h":
        origin = random.choice([0, 1800, -7200, 10**9]) * 10**9
        width = number * 3600 * 10**9
        start = (nanoseconds - origin) // width * width + origin
        if start > -2**63:
            show("slice", key, period, origin, nanoseconds, start)
        return
    if unit in "dw":
        number *= 7 if unit == "w" else 1
        first = datetime(1970, 1, 5 if number % 7 == 0 else 1)
        days = (moment.replace(tzinfo=None, fold=0) - first).days
        naive = first + timedelta(days=days // number * number)
    else:
        number *= {"m": 1, "q": 3, "y": 12}[unit]
        months = (moment.year - 1970) * 12 + moment.month - 1
        months = months // number * number
        naive = datetime(1970 + months // 12, months % 12 + 1, 1)
    start = seconds_of(naive.replace(tzinfo=zone))
    # Where clocks skip a day its slice has no time in it.
    if FIRST < start <= seconds_of(moment):
        show("slice", key, period, 0, nanoseconds, start * 10**9)


def ask_random(count):
    keys = sorted(zoneinfo.available_timezones())
    zones = [(key, zoneinfo.ZoneInfo(key)) for key in random.sample(keys, 60)]
    zones += [("UTC", timezone.utc),
              ("+05:30", timezone(timedelta(hours=5, minutes=30))),
              ("-0330", timezone(-timedelta(hours=3, minutes=30)))]
    for _ in range(count):
        key, zone = random.choice(zones)
        seconds = some_seconds()
        moment = at(seconds, zone) + timedelta(
            microseconds=random.randrange(10**6))
        kind = random.randrange(7)
        if kind == 0:
            if key[0] not in "+-":
                ask_offset(key, zone, seconds)
        elif kind == 1:
            ask_shown(key, zone, seconds)
            ask_fold(key, zone, seconds)
        elif kind == 6:
            ask_slice(key, zone, moment)
        elif kind == 2:
            ask_form(key, zone, moment)
        elif kind == 3:
            ask_format(key, zone, moment)
        elif kind == 4:
            if key[0] not in "+-":
                ask_print(key, zone, moment)
        else:
            ask_start(key, zone, moment)


# ---- All changes ------------------------------------------------------------


def later_changes(zone, since):
    """Those of the rule, by bisection between days that differ."""
    step = 20 * 86400
    seconds = since
    before = at(seconds, zone)
    while seconds + step < LAST:
        after = at(seconds + step, zone)
        if after.utcoffset() != before.utcoffset():
            low, high = seconds, seconds + step
            while high - low > 1:
                middle = (low + high) // 2
                if at(middle, zone).utcoffset() == before.utcoffset():
                    low = middle
                else:
                    high = middle
            yield high
        seconds += step
        before = after


def ask_zone(key):
    zone = zoneinfo.ZoneInfo(key)
    listed = list(_zoneinfo.ZoneInfo(key)._trans_utc)
    listed = [change for change in listed if change > FIRST + 10**6]
    since = listed[-1] if listed else 0
    ask_offset(key, zone, FIRST + 1)
    ask_offset(key, zone, LAST - 1)
    for change in listed + list(later_changes(zone, since)):
        offsets = {offset_of(at(change - 1, zone)), offset_of(at(change, zone))}
        for away in (-1, 0, 1):
            ask_offset(key, zone, change + away)
            for offset in sorted(offsets):
                ask_shown(key, zone, change + offset + away)
                ask_fold(key, zone, change + offset + away)
        ask_shown(key, zone, change + sum(offsets) // len(offsets))


if __name__ == "__main__":
    if sys.argv[1] == "zones":
        every = int(sys.argv[2])
        for name in sorted(zoneinfo.available_timezones())[::every]:
            ask_zone(name)
    else:
        random.seed(int(sys.argv[3]))
        ask_random(int(sys.argv[2]))
