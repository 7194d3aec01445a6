# SPDX-License-Identifier: MIT
"""Rows of verbs.py for expressions: what they are by their description, written
again in Python, and beside Miller where its rules are the same."""
import json
import math
import re
from fractions import Fraction

from verb_rows import Case, Row, to_csv

NUMBER = re.compile(r'[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')
INT64 = range(-2 ** 63, 2 ** 63)

CELLS = ['', '0', '1', '-1', '2', '7', '-7', '10', '05', '2.5', '-0.25', '1e2',
         '.5', '100', '3', '9007199254740993', '9007199254740992', '12', 'abc']
WORDS = ['', 'abc', 'ABC', 'b', ' ab ', 'aXbX', 'x', '10', 'na\u00efve', 'a,b']
COLUMNS = ['a', 'b', 'c', 's', 't']


class Bad(Exception):
    """The record is bad."""


# ---- Values: None, bool, int, float, or text --------------------------------

def is_blank(x):
    return x is None or x == ''


def number_of(text):
    """What a text counts as, or None."""
    if not NUMBER.fullmatch(text):
        return None
    if re.fullmatch(r'[+-]?\d+', text) and int(text) in INT64:
        return int(text)
    return float(text)


def exact(x):
    """The same for a comparison."""
    if isinstance(x, str):
        return Fraction(x.rstrip('.')) if NUMBER.fullmatch(x) else None
    return Fraction(x)


def numbers(*values):
    """All as numbers; None where one is blank."""
    found = []
    for x in values:
        if isinstance(x, str) and x != '' and number_of(x) is None:
            raise Bad
        found.append(number_of(x) if isinstance(x, str) and x != '' else x)
    return None if any(is_blank(x) for x in found) else found


def whole_or_double(x):
    """What is computed is an integer where it is whole and has 64 bits."""
    if isinstance(x, float):
        return int(x) if x.is_integer() and int(x) in INT64 else x
    return x if x in INT64 else float(x)


def arithmetic(op, x, y):
    both = numbers(x, y)
    if both is None:
        return None
    x, y = both
    if op in ('/', '//', '%') and y == 0:
        raise Bad
    whole = isinstance(x, int) and isinstance(y, int)
    if op == '/':
        done = x // y if whole and x % y == 0 else x / y
    elif op == '//':
        done = x // y if whole else float(math.floor(x / y))
    else:
        done = {'%': lambda: x % y, '+': lambda: x + y, '-': lambda: x - y,
                '*': lambda: x * y}[op]()
    return whole_or_double(done)


def order(op, x, y):
    return {'==': x == y, '!=': x != y, '<': x < y, '<=': x <= y, '>': x > y,
            '>=': x >= y}[op]


def compare(op, how, x, y):
    """how: 'numbers', 'text', or 'cells', which are numbers if both are."""
    if is_blank(x) or is_blank(y):
        return op == '!='
    if how != 'text':
        a, b = exact(x), exact(y)
        if a is not None and b is not None:
            return order(op, a, b)
        if how == 'numbers':
            if op not in ('==', '!='):
                raise Bad
            return op == '!='
    return order(op, x.encode(), y.encode())


# ---- Expressions: each the text, and a function of the record ---------------

class Maker:
    """Random expressions of a kind, so deep at most."""

    def __init__(self, rng):
        self.rng = rng

    def field(self, names):
        name = self.rng.choice(names)
        return name, lambda r: r[name]

    def cell(self, depth):
        """A field of numbers, or what is computed."""
        return self.field('abc') if self.rng.random() < 0.6 else \
            self.number(depth)

    def literal(self, choice):
        text = self.rng.choice(choice)
        return text, lambda r: number_of(text.strip('()'))

    def divisor(self):
        """One of which it is not known before the run that it is 0."""
        return self.rng.choice([self.field('abc'),
                                self.literal(['1', '3', '2.5', '(-7)'])])

    def number(self, depth):
        if depth == 0:
            return self.literal(['0', '1', '2', '3', '2.5', '10', '100'])
        kind = self.rng.randrange(10)
        if kind < 4:
            op = self.rng.choice(['+', '-', '*', '/', '//', '%'])
            x = self.cell(depth - 1)
            y = self.divisor() if op in '//%' else self.cell(depth - 1)
            return (f'({x[0]} {op} {y[0]})',
                    lambda r: arithmetic(op, x[1](r), y[1](r)))
        x = self.cell(depth - 1)
        if kind == 4:
            return f'(-{x[0]})', lambda r: arithmetic('-', 0, x[1](r))
        if kind == 5:
            return self.choice(depth, self.number)
        if kind > 7:
            y = self.cell(depth - 1)
            name, call = self.rng.choice([('min', min), ('max', max)])
            return (f'{name}({x[0]}, {y[0]})',
                    lambda r: extreme(call, x[1](r), y[1](r)))
        if kind == 6:
            s = self.text(depth - 1)
            return f'length({s[0]})', lambda r: measure(s[1](r))
        name, call = self.rng.choice([
            ('abs', abs), ('sign', lambda x: (x > 0) - (x < 0)),
            ('floor', math.floor), ('ceil', math.ceil)])
        return f'{name}({x[0]})', lambda r: apply(call, x[1](r))

    def text(self, depth):
        if depth == 0 or self.rng.random() < 0.4:
            return self.field('st')
        name, call = self.rng.choice([
            ('lower', lower), ('upper', upper), ('trim', str.strip),
            ('reverse', lambda x: x[::-1]), ('concat', None), ('if', None),
            ('??', None)])
        if name == 'if':
            return self.choice(depth, self.text)
        x, y = self.text(depth - 1), self.text(depth - 1)
        if name == '??':
            return (f'({x[0]} ?? {y[0]})',
                    lambda r: y[1](r) if is_blank(x[1](r)) else x[1](r))
        if name == 'concat':
            return (f'concat({x[0]}, "-", {y[0]})',
                    lambda r: (x[1](r) or '') + '-' + (y[1](r) or ''))
        return f'{name}({x[0]})', lambda r: call(x[1](r) or '')

    def choice(self, depth, make):
        condition = self.condition(depth - 1)
        x, y = make(depth - 1), make(depth - 1)
        return (f'if({condition[0]}, {x[0]}, {y[0]})',
                lambda r: (x if condition[1](r) else y)[1](r))

    def comparison(self, depth):
        op = self.rng.choice(['==', '!=', '<', '<=', '>', '>='])
        kind = self.rng.randrange(4)
        if kind == 0:
            how, x, y = 'cells', self.field('abcst'), self.field('abcst')
        elif kind == 1:
            word = self.rng.choice([w for w in WORDS if w])
            how, x = 'text', self.text(depth)
            y = json.dumps(word), lambda r: word
        else:
            how, x, y = 'numbers', self.cell(depth), self.number(depth)
        return (f'({x[0]} {op} {y[0]})',
                lambda r: compare(op, how, x[1](r), y[1](r)))

    def condition(self, depth):
        kind = self.rng.randrange(9) if depth > 0 else 8
        if kind < 2:
            x, y = self.condition(depth - 1), self.condition(depth - 1)
            return ((f'({x[0]} && {y[0]})', lambda r: x[1](r) and y[1](r))
                    if kind else
                    (f'({x[0]} || {y[0]})', lambda r: x[1](r) or y[1](r)))
        if kind == 2:
            x = self.condition(depth - 1)
            return f'!{x[0]}', lambda r: not x[1](r)
        if kind == 3:
            x = self.field('abcst')
            return f'empty({x[0]})', lambda r: is_blank(x[1](r))
        if kind == 4:
            x, part = self.text(depth - 1), self.rng.choice(['a', 'X', 'bc'])
            name, call = self.rng.choice([
                ('contains', lambda x: part in x),
                ('starts_with', lambda x: x.startswith(part)),
                ('ends_with', lambda x: x.endswith(part))])
            return (f'{name}({x[0]}, "{part}")',
                    lambda r: call(x[1](r) or ''))
        if kind == 5:
            x, no = self.field('abcst'), self.rng.choice(['', 'not '])
            wanted = self.rng.sample(['1', '10', '2.5', '"abc"', '"10"', '-7'],
                                     self.rng.randint(1, 4))
            return (f'({x[0]} {no}in [{", ".join(wanted)}])',
                    lambda r: not is_blank(x[1](r)) and
                    among(x[1](r), wanted) != bool(no))
        return self.comparison(depth)


def among(x, wanted):
    return any(compare('==', 'text', x, json.loads(w)) if w[0] == '"' else
               compare('==', 'numbers', x, number_of(w)) for w in wanted)


def extreme(call, *values):
    """Of those that are not blank, the first of equal ones."""
    found = [x for x in values if not is_blank(x)]
    numbers(*found)
    return call(map(lambda x: numbers(x)[0], found), default=None)


def lower(x):
    return x.lower()


def upper(x):
    return x.upper()


def measure(x):
    return None if x is None else len(x)


def apply(call, x):
    one = numbers(x)
    return None if one is None else whole_or_double(call(one[0]))


# ---- Rows -------------------------------------------------------------------

def table(rng):
    return [{name: rng.choice(WORDS if name in 'st' else CELLS)
             for name in COLUMNS} for _ in range(rng.choice([1, 3, 20]))]


def as_csv(rows):
    return to_csv([COLUMNS] + [[row[name] for name in COLUMNS]
                               for row in rows])


def same_values(got, wanted):
    """Doubles may differ in their last digit, where sums overflow."""
    return len(got) == len(wanted) and all(
        type(a) is type(b) and a == b or
        (isinstance(a, (int, float)) and isinstance(b, (int, float)) and
         not isinstance(a, bool) and not isinstance(b, bool) and
         math.isclose(a, b, rel_tol=4e-16)) for a, b in zip(got, wanted))


def expressions(rng):
    maker, rows = Maker(rng), table(rng)
    make = rng.choice([maker.number, maker.text, maker.condition])
    text, value = make(rng.randint(1, 4))

    def model():
        found = []
        for row in rows:
            try:
                found.append(value(row))
            except Bad:
                pass
        return found
    return Case(f'set x = {text} | select x', as_csv(rows), model,
                ['-f', 'csv', '-t', 'jsonl', '--on-error', 'skip'],
                lambda text: [json.loads(line)['x'] for line in
                              text.splitlines()] if isinstance(text, str)
                else text, same_values)


def conditions(rng):
    rows = table(rng)
    text, value = Maker(rng).condition(rng.randint(1, 4))

    def model():
        found = [COLUMNS]
        for row in rows:
            try:
                if value(row):
                    found.append([row[name] for name in COLUMNS])
            except Bad:
                pass
        return found
    return Case(f'where {text}', as_csv(rows), model,
                Case.args + ['--on-error', 'skip'])


def arithmetic_mlr(rng):
    """Sums and products of whole numbers. (Of those that divide Miller 6.6 has
    other remainders: -714 % 3 is 3 there.)"""
    def side(depth):
        if depth == 0 or rng.random() < 0.3:
            name = rng.choice('abc')
            return (name, f'${name}') if rng.random() < 0.7 else \
                (rng.choice('123'),) * 2
        op = rng.choice(['+', '-', '*'])
        x, y = side(depth - 1), side(depth - 1)
        return tuple(f'({p} {op} {q})' for p, q in zip(x, y))
    rows = [[str(rng.randint(-1000, 1000)) for _ in 'abc']
            for _ in range(rng.choice([1, 5]))]
    mine, theirs = side(rng.randint(1, 4))
    return Case(f'set x = {mine} | select x', to_csv([['a', 'b', 'c']] + rows),
                ['mlr', '--icsv', '--ocsv', 'put', '-q',
                 f'emit {{"x": {theirs}}}'])


def conditions_mlr(rng):
    """Whole numbers in every cell."""
    def side(depth):
        if depth == 0 or rng.random() < 0.3:
            name, op = rng.choice('abc'), rng.choice(['<', '<=', '>', '>=',
                                                      '==', '!='])
            other = rng.choice(['0', '5', '100', '$a', '$c'])
            return (f'{name} {op} {other.lstrip("$")}', f'${name} {op} {other}')
        op = rng.choice(['&&', '||'])
        x, y = side(depth - 1), side(depth - 1)
        no = rng.choice(['', '!'])
        return tuple(f'{no}({p} {op} {q})' for p, q in zip(x, y))
    rows = [[str(rng.randint(-9, 9) * rng.choice([1, 50])) for _ in 'abc']
            for _ in range(rng.choice([1, 5, 30]))]
    mine, theirs = side(rng.randint(1, 3))
    return Case(f'where {mine}', to_csv([['a', 'b', 'c']] + rows),
                ['mlr', '--icsv', '--ocsv', 'filter', theirs],
                same=lambda got, wanted: got == wanted or
                (not wanted and len(got) == 1))


EXPRESSIONS = [
    Row('expressions', None, expressions),
    Row('conditions', None, conditions),
    Row('arithmetic beside Miller', 'mlr', arithmetic_mlr),
    Row('conditions beside Miller', 'mlr', conditions_mlr),
]
