# SPDX-License-Identifier: MIT
"""Rows of verbs.py: times beside Miller and Python's datetime and zoneinfo."""
import zoneinfo
from datetime import datetime, timedelta, timezone

from verb_rows import Case, Row, to_csv

ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe',
         'Asia/Kolkata', 'America/Havana', 'Pacific/Apia', 'Africa/Casablanca']
# Each tells all of a time, and none is another's.
FORMATS = ['%d.%m.%Y %H:%M:%S', '%m/%d/%Y %I:%M:%S %p', '%Y%m%d%H%M%S',
           '%d-%b-%y %H:%M:%S', '%j/%Y %H:%M:%S']
PRINTED = ['%Y-%m-%dT%H:%M:%S%z', '%a, %d %b %Y %H:%M:%S', '%G-W%V-%u %H',
           '%d.%m.%y', '%I %p', '%j']


def some_seconds(rng):
    if rng.random() < 0.5:
        return rng.randrange(2**31)
    # Hours in which some clocks are changed.
    year, month, day = rng.choice([
        (2024, 3, 10), (2024, 3, 31), (2024, 4, 7), (2024, 10, 6),
        (2024, 10, 27), (2024, 11, 3), (2011, 12, 30), (2024, 1, 1)])
    start = datetime(year, month, day, tzinfo=timezone.utc)
    return int(start.timestamp()) + rng.randrange(-86400, 2 * 86400)


def at(seconds, zone):
    return datetime.fromtimestamp(seconds, zone)


def times(rng):
    return [some_seconds(rng) for _ in range(rng.choice([0, 1, 5, 30]))]


def date_model(rng):
    seconds, form, to = times(rng), rng.choice(FORMATS), rng.choice(PRINTED)
    tz, to_tz = (zoneinfo.ZoneInfo(rng.choice(ZONES)) for _ in 'io')
    cells = [at(one, tz).strftime(form) for one in seconds]
    line = f'date t auto,"{form}" tz={tz.key} to_tz={to_tz.key} to="{to}"'
    if rng.random() < 0.5:
        line = f'date t "{form}" tz={tz.key} to_tz={to_tz.key} to="{to}" as=u'

    def wanted():
        made = [datetime.strptime(cell, form).replace(tzinfo=tz).astimezone(
            timezone.utc).astimezone(to_tz).strftime(to) for cell in cells]
        if 'as=u' not in line:
            return [['t']] + [[one] for one in made]
        return [['t', 'u']] + [list(pair) for pair in zip(cells, made)]
    # Fourteen digits are a number of seconds by themselves.
    if 'auto' in line and form == '%Y%m%d%H%M%S':
        line = line.replace('auto,', '')
    return Case(line, to_csv([['t']] + [[cell] for cell in cells]), wanted)


def date_mlr(rng):
    rows = [[str(one), str(i)] for i, one in enumerate(times(rng))]
    verb, line = rng.choice([
        (['sec2gmt', 't'], 'date t epoch'),
        (['sec2gmtdate', 't'], 'date t epoch to=%F'),
        (['put', '$t = sec2gmt($t) . " " . strftime($t, "%A %j %H")'],
         'date t epoch to="%Y-%m-%dT%H:%M:%SZ %A %j %H"')])
    return Case(line, to_csv([['t', 'i']] + rows), ['mlr', '--csv'] + verb,
                same=lambda got, wanted: got == wanted or
                (not rows and got == [['t', 'i']]))


def timeslice_model(rng):
    seconds = times(rng)
    zone = zoneinfo.ZoneInfo(rng.choice(ZONES))
    number, unit = rng.choice([1, 1, 2, 5]), rng.choice(
        ['s', 'm', 'h', 'd', 'w', 'mo', 'q', 'y'])

    def start(one):
        many = number * {'s': 1, 'm': 60, 'h': 3600, 'w': 7, 'q': 3,
                         'y': 12}.get(unit, 1)
        if unit in 'smh':
            return at(one // many * many, zone)
        moment = at(one, zone).replace(tzinfo=None, fold=0)
        if unit in 'dw':
            first = datetime(1970, 1, 5 if many % 7 == 0 else 1)
            day = first + timedelta(days=(moment - first).days // many * many)
        else:
            month = ((moment.year - 1970) * 12 + moment.month - 1) // many
            month *= many
            day = datetime(1970 + month // 12, month % 12 + 1, 1)
        return day.replace(tzinfo=zone).astimezone(timezone.utc).astimezone(
            zone)

    def wanted():
        made = [start(one).isoformat().replace('+00:00', 'Z')
                for one in seconds]
        return [['t', 'timeslice']] + [
            [str(one), text] for one, text in zip(seconds, made)]
    return Case(f'timeslice t {number}{unit} tz={zone.key}',
                to_csv([['t']] + [[str(one)] for one in seconds]), wanted)


TIMES = [
    Row('date', None, date_model),
    Row('date beside Miller', 'mlr', date_mlr),
    Row('timeslice', None, timeslice_model),
]
