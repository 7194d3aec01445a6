# SPDX-License-Identifier: MIT
"""Rows of verbs.py: lines that belong together beside models in Python."""
import json
import re

from verb_rows import Case, Row, to_csv

# Each has what some of the patterns find.
PIECES = ['s', 's1', 'c', 'cc', 'e', 'se', 'ce', '  c', '\ti', ' ', '', 'x',
          'xx', 'a b', 'sce']
STARTS, CONTINUES, ENDS = ['^s', 's'], ['^c', 'c', r'^(c|$)'], ['e$', 'e']


class Event:
    """What belongs to the lines so far, by the options of multiline."""

    def __init__(self, how):
        self.how, self.goes_on, self.lines, self.part = how, False, None, 0

    def joins(self, line):
        how = self.how
        start = 'start' in how and re.search(how['start'], line)
        end = 'end' in how and re.search(how['end'], line)
        more = ('continue' in how and re.search(how['continue'], line)) or \
            ('indent' in how and line[:1] in (' ', '\t') and line != '')
        joins = self.goes_on and not start
        if 'continue' in how or 'indent' in how:
            joins = joins and (more or end)
        self.goes_on = bool((joins or 'start' not in how or start) and not end)
        return joins

    def take(self, line):
        """The event that ends with this line, as (lines, part), or None."""
        joins = self.joins(line)
        size = sum(len(one.encode()) for one in self.lines or []) + \
            len(self.how['separator']) * len(self.lines or []) + len(line)
        full = self.lines is not None and (
            len(self.lines) >= self.how['max_lines'] > 0 or
            size > self.how['max_bytes'])
        if joins and self.lines is not None and not full:
            self.lines.append(line)
            return None
        done = self.end()
        self.part = self.part + 1 if joins else 1
        self.lines = [line]
        return done

    def end(self):
        done = None
        if self.lines is not None:
            done = (self.how['separator'].join(self.lines), self.part)
        self.lines = None
        return done


def some_options(rng):
    how = {'max_lines': rng.choice([0, 10000, 10000, 1, 3]),
           'max_bytes': rng.choice([1048576, 1048576, 4, 9]),
           'separator': rng.choice(['\n', '\n', ' | ', ''])}
    while len(how) == 3:
        for name, values in [('start', STARTS), ('continue', CONTINUES),
                             ('end', ENDS), ('indent', ['true'])]:
            if rng.random() < 0.4:
                how[name] = rng.choice(values)
    words = ' '.join(f"{name}='{value}'" for name, value in how.items()
                     if name != 'separator')
    shown = how['separator'].replace('\n', '\\n')
    return how, f"multiline {words} separator='{shown}'"


def some_lines(rng):
    return [rng.choice(PIECES)
            for _ in range(rng.choice([0, 1, 5, 40, 300]))]


def lines_model(rng):
    how, line = some_options(rng)
    numbered = rng.random() < 0.3
    if numbered:
        line += ' part=part'
    lines = some_lines(rng)

    def wanted():
        event = Event(how)
        events = [event.take(one) for one in lines] + [event.end()]
        return [{'line': one[0], 'part': one[1]} if numbered
                else {'line': one[0]} for one in events if one]
    return Case(line, ''.join(f'{one}\n' for one in lines), wanted,
                ['-t', 'jsonl'],
                lambda text: [json.loads(one) for one in text.splitlines()])


def groups_model(rng):
    how, line = some_options(rng)
    lines = [[one, rng.choice('abc')] for one in some_lines(rng)]

    def wanted():
        open_ones, first, out = {}, {}, [['l', 'g', 'i', 'part']]
        for i, (one, group) in enumerate(lines):
            event = open_ones.setdefault(group, Event(how))
            done = event.take(one)
            if done:
                out.append([done[0], group, str(first[group]), str(done[1])])
            if len(event.lines) == 1:
                first[group] = i
        for group in sorted(open_ones, key=lambda group: first[group]):
            done = open_ones[group].end()
            out.append([done[0], group, str(first[group]), str(done[1])])
        return out
    return Case(line + ' field=l by=g part=part',
                to_csv([['l', 'g', 'i']] +
                       [one + [str(i)] for i, one in enumerate(lines)]),
                wanted)


LINES = [
    Row('multiline', None, lines_model),
    Row('multiline by groups', None, groups_model),
]
