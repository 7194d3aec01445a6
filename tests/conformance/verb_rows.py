# SPDX-License-Identifier: MIT
"""The rows of verbs.py: add one for a verb, or for another peer of it."""
import csv
import functools
import io
from decimal import Decimal, InvalidOperation


class Row:
    def __init__(self, name, program, make):
        self.name, self.program, self.make = name, program, make


class Case:
    """A line over a text; peer is an argv, or a function that says the rows."""
    args = ['-f', 'csv', '-t', 'csv']

    def __init__(self, line, text, peer, args=None, read=None, same=None):
        self.line, self.text, self.peer = line, text, peer
        self.args = Case.args if args is None else args
        self.read = read or (lambda text: list(
            csv.reader(io.StringIO(text, newline=''))))
        self.same = same or (lambda got, wanted: got == wanted)


def lines_of(text):
    return text.split('\n')


def as_miller(got, wanted):
    """Miller has no header where it has no records."""
    return got == wanted or (not wanted and len(got) == 1)


# ---- Tables ------------------------------------------------------------------

NUMBERS = ['0', '1', '2', '10', '9', '-1', '-10', '100', '3']
ODD_NUMBERS = NUMBERS + ['05', '5', '5.0', '-0', '0.5', '.5', '1e1', '+3',
                         '9007199254740993', '9007199254740992', '-2.25',
                         '18446744073709551616', '18446744073709551617',
                         '0.1', '0.10000000000000001', '1e-7', '123456.789']
TEXTS = ['a', 'b', 'c', 'aa', 'ab', 'B', 'Z', 'zz']
ODD_TEXTS = TEXTS + ['', '', 'n/a', 'NaN', 'inf', '0x1F', '1_000', '1e999',
                     'x y', 'q"q', 'p,q', '\u00e4', '\udcff', '1a', '-']


def table(rng, **columns):
    """CSV of a header and some rows; columns are what a cell is drawn of. A
    column i numbers the rows."""
    count = rng.choice([0, 1, 2, 5, 20, 60])
    names = list(columns) + ['i']
    rows = [[rng.choice(columns[name]) for name in columns] + [str(i)]
            for i in range(count)]
    return names, rows, to_csv([names] + rows)


def to_csv(rows):
    text = io.StringIO(newline='')
    csv.writer(text, lineterminator='\n').writerows(rows)
    return text.getvalue()


# ---- What cells mean ---------------------------------------------------------

def number_of(cell):
    """The number that a cell is, or None."""
    if cell.strip('0123456789+-.eE') or cell.lower().strip('+-.') == 'e':
        return None
    try:
        value = Decimal(cell)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal('1e308') \
        else None


def as_bytes(cell):
    return cell.encode('utf-8', 'surrogateescape')


def by_value(cell):
    """Numbers by size, then text by bytes."""
    number = number_of(cell)
    return (0, number, b'') if number is not None else (1, 0, as_bytes(cell))


def naturally(cell):
    """As natural=true: runs of digits by size, then all bytes."""
    parts, run = [], b''
    for byte in as_bytes(cell):
        if 48 <= byte <= 57:
            run += bytes([byte])
            continue
        if run:
            parts.append((48, int(run)))
        run = b''
        parts.append((byte, 0))
    if run:
        parts.append((48, int(run)))
    return parts, as_bytes(cell)


def folded(cell):
    return as_bytes(cell).lower()


# ---- sort --------------------------------------------------------------------

MANNERS = {'': by_value, ' natural=true': naturally, ' fold=true': folded,
           ' text=true': as_bytes}


def sorted_by(names, rows, keys, manner, nulls_first=False, unique=False):
    """keys: (name, descends)."""
    def compare(a, b):
        for name, descends in keys:
            x, y = a[names.index(name)], b[names.index(name)]
            if x == '' or y == '':
                order = (x == '') - (y == '')
                if nulls_first:
                    order = -order
            else:
                x, y = manner(x), manner(y)
                order = (x > y) - (x < y)
                if descends:
                    order = -order
            if order:
                return order
        return 0
    result = sorted(rows, key=functools.cmp_to_key(compare))
    if unique:
        result = [row for i, row in enumerate(result)
                  if not i or compare(result[i - 1], row)]
    return [names] + result


def sort_any(rng):
    names, rows, text = table(rng, n=ODD_NUMBERS + ODD_TEXTS,
                              m=ODD_NUMBERS + [''], t=ODD_TEXTS)
    keys = [(name, rng.random() < .5) for name in rng.sample(
        names[:3], rng.randint(1, 3))]
    manner = rng.choice(list(MANNERS))
    first, unique = rng.random() < .5, rng.random() < .3
    line = 'sort by=' + ','.join('-' * down + name for name, down in keys)
    line += manner + ' nulls=first' * first + ' unique=true' * unique
    return Case(line, text, lambda: sorted_by(names, rows, keys,
                                              MANNERS[manner], first, unique))


def sort_mlr(rng):
    _, _, text = table(rng, n=NUMBERS, m=NUMBERS + [''], t=TEXTS)
    flags, keys = [], []
    for name in rng.sample(['n', 'm', 't'], rng.randint(1, 3)):
        down = rng.random() < .5 and name != 'm'
        flags += ['-' + ('' if name == 't' else 'n') + 'fr'[down], name]
        keys.append('-' * down + name)
    return Case('sort by=' + ','.join(keys), text,
                ['mlr', '--csv', 'sort'] + flags, same=as_miller)


def sort_lines(rng):
    lines = [rng.choice(ODD_NUMBERS + TEXTS + ['a10', 'a9', 'a09', 'b1c2'])
             for _ in range(rng.choice([0, 1, 7, 40]))]
    flags, options = rng.choice([
        (['-s'], 'text=true'), (['-s', '-r'], 'text=true desc=true'),
        (['-s', '-f'], 'fold=true'), (['-s', '-u'], 'text=true unique=true'),
        (['-s', '-f', '-u'], 'fold=true unique=true')])
    return Case('sort ' + options, ''.join(line + '\n' for line in lines),
                ['sort'] + flags, args=[], read=lines_of)


def sort_versions(rng):
    lines = [''.join(rng.choice(['a', 'b', '1', '2', '0', '10', 'B'])
                     for _ in range(rng.randint(1, 6)))
             for _ in range(rng.choice([0, 1, 7, 40]))]
    return Case('sort natural=true', ''.join(line + '\n' for line in lines),
                ['sort', '-V'], args=[], read=lines_of)


# ---- top ---------------------------------------------------------------------

def top_any(rng):
    names, rows, text = table(rng, g=TEXTS, n=ODD_NUMBERS + ['', 'x'])
    count, by, ties, lowest = (rng.randint(0, 4), rng.random() < .5,
                               rng.random() < .5, rng.random() < .5)
    line = f'top {count} field=n' + ' by=g' * by + ' ties=true' * ties + \
        ' lowest=true' * lowest

    def wanted():
        taken, last, result = {}, {}, []
        fit = [row for row in rows if number_of(row[1]) is not None]
        for row in sorted_by(names, fit, [('n', not lowest)], by_value)[1:]:
            group = row[0] if by else ''
            tied = ties and last.get(group) == number_of(row[1])
            if taken.get(group, 0) < count or tied:
                taken[group] = taken.get(group, 0) + 1
                last[group] = number_of(row[1])
                result.append(row)
        return [names] + result
    return Case(line, text, wanted)


def top_mlr(rng):
    _, _, text = table(rng, g=TEXTS)
    way = rng.choice(['--max', '--min'])
    order = {'--max': '-nr', '--min': '-nf'}[way]
    return Case('top 2 field=i by=g' + ' lowest=true' * (way == '--min'), text,
                ['mlr', '--csv', 'top', '-n', '2', '-f', 'i', '-g', 'g', '-a',
                 way, 'then', 'sort', order, 'i'],
                same=lambda got, wanted: got[1:] == wanted[1:])


ROWS = [
    Row('sort', None, sort_any),
    Row('sort beside Miller', 'mlr', sort_mlr),
    Row('sort lines beside coreutils', 'sort', sort_lines),
    Row('sort natural beside coreutils', 'sort', sort_versions),
    Row('top', None, top_any),
    Row('top beside Miller', 'mlr', top_mlr),
]
