# SPDX-License-Identifier: MIT
"""Rows of verbs.py: times beside Miller and Python's datetime and zoneinfo."""
import atexit
import os
import shutil
import tempfile
import zoneinfo
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from verb_rows import Case, Row, to_csv

ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe',
         'Asia/Kolkata', 'America/Havana', 'Pacific/Apia', 'Africa/Casablanca']
FOLDER = tempfile.mkdtemp()
atexit.register(shutil.rmtree, FOLDER)

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
    # Eight digits of 1900 to 2199 are a date.
    seconds = [one for one in times(rng)
               if not 19000000 <= one < 22000000]
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


# ---- Windows -----------------------------------------------------------------


class Model:
    """Windows of a stream, as Flink has them, by lists of records."""

    def __init__(self, kind, size, slide, lateness, late):
        self.kind, self.size, self.slide = kind, size, slide
        self.lateness, self.late = lateness, late
        self.open, self.out, self.latest, self.groups = [], [], None, []
        self.closed = {}

    def mark(self):
        return self.latest - self.lateness

    def slices(self, time):
        last = time // self.slide * self.slide
        starts = range(last, time - self.size, -self.slide)
        return [(start, start + self.size) for start in starts][::-1]

    def is_late(self, group, time):
        if self.latest is None:
            return False
        if self.kind == 'gap':
            end = time + self.size
            return time < self.closed.get(group, time) or (
                end <= self.mark() and
                not any(one[2] == group and one[0] < end and time < one[1]
                        for one in self.open))
        return self.slices(time)[0][1] <= self.mark()

    def add(self, group, time, value):
        if group not in self.groups:
            self.groups.append(group)
        windows = None
        if self.is_late(group, time):
            if self.late != 'merge':
                return
            if self.kind != 'gap':
                windows = [one for one in self.slices(time)
                           if one[1] > self.mark()]
            time = self.mark()
            if self.kind == 'gap':
                time = max(time, self.closed.get(group, time))
            else:
                windows = windows or self.slices(time)[:1]
        if self.kind == 'gap':
            start, end, values = time, time + self.size, [value]
            for one in [one for one in self.open if one[2] == group and
                        one[0] < end and time < one[1]]:
                self.open.remove(one)
                start, end = min(start, one[0]), max(end, one[1])
                values = one[3] + values
            self.open.append((start, end, group, values))
        else:
            for start, end in windows or self.slices(time):
                for one in self.open:
                    if one[0] == start and one[2] == group:
                        one[3].append(value)
                        break
                else:
                    self.open.append((start, end, group, [value]))
        self.latest = time if self.latest is None else max(self.latest, time)
        self.close(self.mark())

    def close(self, until):
        done = [one for one in self.open if until is None or one[1] <= until]
        self.open = [one for one in self.open if one not in done]
        for one in sorted(done, key=lambda one: (
                one[1], self.groups.index(one[2]))):
            self.closed[one[2]] = max(one[1], self.closed.get(one[2], one[1]))
            self.out.append(one[:4] + (until is None and one[1] > self.latest,))


def moments(rng):
    """Times that go on, and some of them back."""
    now = 10**6 + rng.randrange(1000)
    for _ in range(rng.choice([0, 1, 5, 40])):
        now += rng.choice([0, 1, 1, 3, 10, 60])
        yield now - rng.choice([0, 0, 0, 1, 5, 30])


def window_model(rng):
    kind = rng.choice(['size', 'slide', 'gap'])
    size, slide = rng.choice([(10, 5), (10, 3), (60, 10), (7, 7)])
    lateness = rng.choice([0, 0, 5, 40])
    late = rng.choice(['reject', 'drop', 'merge'])
    rows = [[str(time), rng.choice('abc'), str(i)]
            for i, time in enumerate(moments(rng))]
    by = rng.random() < 0.7
    line = f'window count list=concat(i) time=t late={late} ' \
        f'allowed_lateness={lateness}s ' + ('by=g ' if by else '') + {
            'size': f'size={size}s', 'gap': f'gap={size}s',
            'slide': f'size={size}s slide={slide}s'}[kind]

    def wanted():
        model = Model(kind, size, slide if kind == 'slide' else size, lateness,
                      late)
        for time, group, i in rows:
            model.add(group if by else '', int(time), i)
        model.close(None)
        return [['window_start', 'window_end'] + ['g'] * by +
                ['count', 'list', 'partial']] + [
            [f'{at(one, timezone.utc):%Y-%m-%dT%H:%M:%SZ}'
             for one in (start, end)] + [group] * by +
            [str(len(values)), ','.join(values), str(partial).lower()]
            for start, end, group, values, partial in model.out]

    def same(got, told):
        # Of two sessions that became one, values are in their order.
        def sets(lines):
            return [[','.join(sorted(cell.split(','))) for cell in one]
                    for one in lines]
        return sets(got) == sets(told)
    return Case(line, to_csv([['t', 'g', 'i']] + rows), wanted, same=same)


def window_records(rng):
    many = rng.choice([1, 2, 3, 10])
    step = rng.randrange(1, many + 1)
    rows = [[rng.choice('ab'), str(i)] for i in range(rng.choice([0, 1, 7, 40]))]

    def wanted():
        seen, out = {}, []
        for group, i in rows:
            mine = seen.setdefault(group, [])
            mine.append(i)
            start = len(mine) - many
            if start >= 0 and start % step == 0:
                out.append([str(start + 1), str(len(mine)), group,
                            ','.join(mine[start:]), 'false'])
        for group, mine in seen.items():
            for start in range(0, len(mine), step):
                if start + many > len(mine):
                    out.append([str(start + 1), str(len(mine)), group,
                                ','.join(mine[start:]), 'true'])
        return [['window_start', 'window_end', 'g', 'l', 'partial']] + out
    return Case(f'window l=concat(i) by=g records={many} slide={step}',
                to_csv([['g', 'i']] + rows), wanted)


def sessionize_model(rng):
    gap = rng.choice([2, 10, 30])
    rows = [[str(time), rng.choice('abc')] for time in moments(rng)]

    def wanted():
        last, out, number = {}, [], 0
        for time, group in rows:
            now = int(time)
            mine = last.get(group)
            if mine and (now < mine[3] or now + gap <= mine[1]):
                continue
            if not mine or now >= mine[2] + gap:
                number += 1
                mine = last[group] = [number, now, now,
                                      mine[2] + gap if mine else -10**9]
            mine[1], mine[2] = min(now, mine[1]), max(now, mine[2])
            out.append([time, group, str(mine[0])])
        return [['t', 'g', 'session']] + out
    return Case(f'sessionize g {gap}s time=t', to_csv([['t', 'g']] + rows),
                wanted)


def throttle_model(rng):
    """A bucket in fractions, beside one in integers."""
    rate, per = rng.choice([1, 2, 3, 7]), rng.choice([1, 2, 3, 10, 60])
    burst = rng.choice([None, 1, 2, 5])
    rows = [[str(time), rng.choice('abc')] for time in moments(rng)]

    def wanted():
        buckets, out = {}, []
        full = burst or rate
        for time, group in rows:
            now = int(time)
            tokens, then = buckets.get(group, (Fraction(full), now))
            if (then - now) * rate > full * per:
                continue # late
            if now > then:
                tokens = min(full, tokens + Fraction((now - then) * rate, per))
                then = now
            if tokens >= 1:
                tokens -= 1
                out.append([time, group])
            buckets[group] = tokens, then
        return [['t', 'g']] + out
    return Case(f'throttle {rate} {per}s by=g time=t' +
                (f' burst={burst}' if burst else ''),
                to_csv([['t', 'g']] + rows), wanted)


def a_log(rng, name, within):
    """Lines of a log, written to a file: [(time, its lines)] of those that are
    not later than `within`. None where it has no time at all."""
    zone = timezone(timedelta(minutes=rng.choice([0, 0, 60, -210])))
    ahead = ['opened'] if rng.random() < .2 else []
    kept, text, latest = [], list(ahead), -1
    for i, time in enumerate(moments(rng)):
        lines = [at(10**9 + time, zone).isoformat() + f' {name} {i}'] + \
            ['\tat %d' % j for j in range(rng.choice([0, 0, 0, 1, 3]))]
        text += lines
        latest = max(latest, time)
        if time >= latest - within:
            kept.append((time, ahead + lines))
            ahead = []
    with open(os.path.join(FOLDER, name), 'w', encoding='utf-8') as out:
        out.write('\n'.join(text) + '\n' * (bool(text) and rng.random() < .8))
    return kept if latest >= 0 or not text else None


def merge_model(rng):
    """Several logs as one, sorted by Python, which keeps the order of what is
    of one time."""
    within = rng.choice([0, 1, 5, 30, 60])
    names = list('abcd'[:rng.randrange(1, 5)])
    logs = [a_log(rng, name, within) for name in names]
    while None in logs:
        i = logs.index(None)
        logs[i] = a_log(rng, names[i], within)

    def wanted():
        events = sorted((event for log in logs for event in log),
                        key=lambda event: event[0])
        return [['line']] + [[line] for _, lines in events for line in lines]
    paths = ','.join(os.path.join(FOLDER, name) for name in names)
    return Case(f'merge_sorted {paths} within={within}s', '', wanted,
                args=['-f', 'text', '-t', 'csv'])


TIMES = [
    Row('merge_sorted', None, merge_model),
    Row('window', None, window_model),
    Row('window of records', None, window_records),
    Row('sessionize', None, sessionize_model),
    Row('throttle', None, throttle_model),
    Row('date', None, date_model),
    Row('date beside Miller', 'mlr', date_mlr),
    Row('timeslice', None, timeslice_model),
]
