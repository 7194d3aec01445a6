# SPDX-License-Identifier: MIT
"""The rows of verbs.py: add one for a verb, or for another peer of it."""
import csv
import functools
import io
from decimal import Decimal, InvalidOperation
from fractions import Fraction


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
    # Not '0' by itself: to GNU's, zeros where the other line ends are nothing.
    lines = [''.join(rng.choice(['a', 'b', '1', '2', '01', '10', 'B'])
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


# ---- aggregate ---------------------------------------------------------------

def printed(number):
    """A double as ECMAScript prints it."""
    if number is None:
        return ''
    number = float(number)
    if number == 0:
        return '0'
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    text = ''.join(map(str, digits))
    point = len(text) + exponent
    if 0 < point <= 21:
        text = text + '0' * exponent if exponent >= 0 else \
            text[:point] + '.' + text[point:]
    elif -6 < point <= 0:
        text = '0.' + '0' * -point + text
    else:
        text = text[0] + ('.' + text[1:] if len(text) > 1 else '') + \
            f'e{point - 1:+d}'
    return '-' * sign + text


def summed(total):
    """An exact sum: an integer in all its digits, else the double nearest."""
    return str(int(total)) if total == int(total) else printed(total)


def percentile(numbers, part):
    return sorted(numbers)[max(0, -(-len(numbers) * part // 100000) - 1)]


def middle(numbers):
    numbers = sorted(numbers)
    return (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2


def variance(numbers):
    if len(numbers) < 2:
        return None
    mean = sum(numbers) / len(numbers)
    return sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1)


def commonest(cells):
    return max(cells, key=cells.count) if cells else ''


def of_some(function):
    return lambda cells, numbers: function(numbers) if numbers else ''


FUNCTIONS = {
    'count': lambda cells, numbers: str(len(numbers)),
    'sum': lambda cells, numbers: summed(sum(numbers)),
    'mean': of_some(lambda x: printed(sum(x) / len(x))),
    'range': of_some(lambda x: summed(max(x) - min(x))),
    'first': lambda cells, numbers: cells[0],
    'last': lambda cells, numbers: cells[-1],
    'var': lambda cells, numbers: printed(variance(numbers)),
    'median': of_some(lambda x: printed(middle(x))),
    'p5': of_some(lambda x: printed(percentile(x, 5000))),
    'p50': of_some(lambda x: printed(percentile(x, 50000))),
    'p99.9': of_some(lambda x: printed(percentile(x, 99900))),
    'mode': lambda cells, numbers: commonest([x for x in cells if x]),
    'distinct': lambda cells, numbers: str(len({x for x in cells if x})),
    'null_count': lambda cells, numbers: str(cells.count('')),
    'concat': lambda cells, numbers: ','.join(x for x in cells if x),
}


def aggregate_any(rng):
    short = [x for x in ODD_NUMBERS if len(x) < 15]
    names, rows, text = table(rng, g=ODD_TEXTS, n=short + ['', ''])
    chosen = rng.sample(list(FUNCTIONS), rng.randint(1, 6))
    by = rng.random() < .7
    line = 'aggregate ' + ','.join(f'{name}(n)' for name in chosen) + \
        ' by=g' * by

    def wanted():
        groups = {} if by or not rows else {None: []}
        for row in rows:
            groups.setdefault(row[0] if by else None, []).append(row[1])
        result = [['g'] * by + [f'{name}_n' for name in chosen]]
        for group, cells in groups.items():
            numbers = [Fraction(number_of(cell)) for cell in cells if cell]
            result.append([group] * by + [FUNCTIONS[name](cells, numbers)
                                          for name in chosen])
        return result
    return Case(line, text, wanted, same=lambda got, wanted:
                got == wanted or (not rows and len(got) == 2 - by))


def nearly(got, wanted):
    """The same but for the last digits of numbers."""
    def close(a, b):
        if a == b:
            return True
        try:
            return abs(float(a) - float(b)) <= 1e-9 * max(1, abs(float(b)))
        except ValueError:
            return False
    return len(got) == len(wanted) and all(
        len(a) == len(b) and all(map(close, a, b))
        for a, b in zip(got, wanted))


def aggregate_mlr(rng):
    _, rows, text = table(rng, g=TEXTS, n=NUMBERS + ['2.5', '0.1'])
    chosen = rng.sample(['count', 'sum', 'mean', 'min', 'max', 'var', 'stddev',
                         'mode', 'null_count', 'distinct_count'], 4)
    ours = [f'{name}=' + name.replace('distinct_count', 'distinct') + '(n)'
            for name in chosen]
    return Case('aggregate ' + ','.join(ours) + ' by=g', text,
                ['mlr', '--csv', 'stats1', '-a', ','.join(chosen), '-f', 'n',
                 '-g', 'g'],
                same=lambda got, wanted: not rows or
                nearly(got[1:], wanted[1:]))


def aggregate_datamash(rng):
    _, rows, text = table(rng, g=[x for x in TEXTS if x.islower()],
                          n=NUMBERS + ['2.5', '0.1'])
    chosen = [('count', 'count'), ('sum', 'sum'), ('mean', 'mean'),
              ('median', 'median'), ('svar', 'var'), ('sstdev', 'stddev'),
              ('range', 'range'), ('countunique', 'distinct')]
    chosen = rng.sample(chosen, 4)
    words = [word for name, _ in chosen for word in (name, '2')]

    def same(got, wanted):
        wanted = [[('' if cell == 'nan' else cell) for cell in row]
                  for row in wanted if row]
        return nearly(got[1:], wanted[1:])
    return Case('sort g | aggregate ' + ','.join(f'{ours}(n)' for _, ours in
                                                 chosen) + ' by=g', text,
                ['datamash', '-t,', '-H', '-s', '-g', '1'] + words, same=same)


# ---- dedup, head, tail, slice ------------------------------------------------

def dedup_any(rng):
    names, rows, text = table(rng, g=['a', 'b', '', '5', '05'],
                              t=['x', 'y', '\udcff'])
    fields = rng.sample(['g', 't'], rng.randint(1, 2))
    run, last, count = (rng.random() < .5 for _ in range(3))
    only = rng.choice(['any', 'unique', 'duplicate'])
    line = 'dedup ' + ','.join(fields) + ' scope=consecutive' * run + \
        ' keep=last' * last + ' count=k' * count + f' only={only}'

    def wanted():
        groups, before = [], None
        for at, row in enumerate(rows):
            key = [row[names.index(name)] for name in fields]
            same = [group for group in groups if group[0] == key]
            if run:
                same = groups[-1:] if key == before else []
            if same:
                same[0][1].append(at)
            else:
                groups.append((key, [at]))
            before = key
        kept = [(group[-last], len(group)) for _, group in groups
                if (only == 'any') or (len(group) > 1) == (only == 'duplicate')]
        return [names + ['k'] * count] + [
            rows[at] + [str(size)] * count for at, size in sorted(kept)]
    return Case(line, text, wanted)


def dedup_uniq(rng):
    lines = [rng.choice(['a', 'b', 'a ', '', '5', '05'])
             for _ in range(rng.choice([0, 1, 7, 40]))]
    flags, options = rng.choice([([], ''), (['-d'], ' only=duplicate'),
                                 (['-u'], ' only=unique')])
    return Case('dedup scope=consecutive' + options,
                ''.join(line + '\n' for line in lines), ['uniq'] + flags,
                args=[], read=lines_of)


def dedup_mlr(rng):
    _, _, text = table(rng, g=TEXTS, t=TEXTS)
    way = rng.choice(['first', 'last'])
    verb = {'first': ['head', '-n', '1', '-g', 'g,t'],
            'last': ['tail', '-n', '1', '-g', 'g,t', 'then', 'sort', '-nf',
                     'i']}[way]
    return Case(f'dedup g,t keep={way}', text, ['mlr', '--csv'] + verb,
                same=as_miller)


def ends_any(rng):
    names, rows, text = table(rng, g=['a', 'b', ''])
    by, n = rng.random() < .5, rng.randint(-4, 4)
    start, end, step = (rng.choice([-3, -1, 1, 2]), rng.choice([-2, -1, 1, 3]),
                        rng.randint(1, 3))

    def cut(group):
        if verb == 'head':
            return group[:n] if n >= 0 else group[:max(0, len(group) + n)]
        if verb == 'tail':
            return group[max(0, len(group) - n):] if n >= 0 else group[-n:]
        first = start - 1 if start > 0 else max(0, len(group) + start)
        last = end if end > 0 else len(group) + end + 1
        return group[first:max(0, last):step]
    verb = rng.choice(['head', 'tail', 'slice'])
    line = f'slice {start} end={end} step={step}' if verb == 'slice' else \
        f'{verb} n={n}'

    def wanted():
        groups = {}
        for at, row in enumerate(rows):
            groups.setdefault(row[0] if by else None, []).append(at)
        kept = sorted(at for group in groups.values() for at in cut(group))
        return [names] + [rows[at] for at in kept]
    return Case(line + ' by=g' * by, text, wanted)


# ---- explode, fraction, count ------------------------------------------------

def explode_mlr(rng):
    _, _, text = table(rng, t=['a', 'a;b', ';', 'b;', 'x;;y', 'a;b;c'])
    return Case('explode t separator=";"', text,
                ['mlr', '--csv', 'nest', '--explode', '--values',
                 '--across-records', '-f', 't', '--nested-fs', ';'],
                same=as_miller)


def fraction_mlr(rng):
    _, rows, text = table(rng, g=TEXTS, n=[x for x in NUMBERS if x > '0'] +
                          ['2.5', '0.1'])
    percent, running = rng.random() < .5, rng.random() < .5
    return Case('fraction n by=g' + ' percent=true' * percent +
                ' cumulative=true' * running, text,
                ['mlr', '--csv', 'fraction', '-f', 'n', '-g', 'g'] +
                ['-p'] * percent + ['-c'] * running,
                same=lambda got, wanted: not rows or
                nearly(got[1:], wanted[1:]))


def count_mlr(rng):
    _, rows, text = table(rng, g=TEXTS, n=NUMBERS)
    return Case('count g distinct=n', text,
                ['mlr', '--csv', 'stats1', '-a', 'distinct_count', '-f', 'n',
                 '-g', 'g'],
                same=lambda got, wanted: not rows or got[1:] == wanted[1:])


# ---- grep --------------------------------------------------------------------

GREP_PATTERNS = ['a', 'ab', 'b', '^a', 'b$', '[ab]b', 'a.*b', '^$', 'a|bb',
                 'B', 'x', '', 'b*', '(a|ab)c?', r'[^a]']


def lines(rng):
    letters = rng.choice(['ab', 'abB x', 'abc'])
    count = rng.choice([0, 1, 2, 5, 20, 60])
    return ''.join(''.join(rng.choice(letters)
                           for _ in range(rng.randrange(5))) + '\n'
                   for _ in range(count))


def grep_case(rng, ours, theirs, patterns=None, same=None):
    """With flags of both at random."""
    pattern = rng.choice(patterns or GREP_PATTERNS)
    for mine, other in [('ignore_case', '-i'), ('word', '-w'),
                        ('whole', '-x'), ('invert', '-v')]:
        if mine in ('word', 'invert') and '-o' in theirs:
            continue
        if rng.random() < 0.15:
            ours, theirs = ours + ' ' + mine, theirs + [other]
    return Case(f'grep "{pattern}" {ours}', lines(rng),
                ['grep', '-E'] + theirs + [pattern], args=['-f', 'text'],
                read=lines_of, same=same)


def grep_context(rng):
    ours, theirs = '', []
    for mine, other in [('before', '-B'), ('after', '-A'), ('context', '-C'),
                        ('max_count', '-m')]:
        if rng.random() < 0.5:
            n = rng.choice([1, 1, 2, 3, 10])
            ours, theirs = ours + f' {mine}={n}', theirs + [other + str(n)]
    return grep_case(rng, ours, theirs)


def grep_only(rng):
    """Of several ways to match at one place grep takes the longest, PCRE2 the
    first; with -w grep tries shorter ones, and with -x as well is wrong."""
    ours, theirs = 'only_matching', ['-o']
    if rng.random() < 0.3:
        ours, theirs = ours + ' max_count=2', theirs + ['-m2']
    return grep_case(rng, ours, theirs,
                     ['a', 'ab', '[ab]b', 'a+', 'b*', '^a', 'b$', 'bb|a',
                      '[^a]+', 'B'])


def grep_count(rng):
    ours, theirs = 'count_only', ['-c']
    if rng.random() < 0.3:
        ours, theirs = ours + ' max_count=3', theirs + ['-m3']
    # grep says nothing where -v has the empty pattern.
    return grep_case(rng, ours, theirs, GREP_PATTERNS[:8],
                     same=lambda got, wanted: got[1:] == wanted)


def grep_several(rng):
    """Any of several, as -e; all of them, as one after the other."""
    chosen = [rng.choice(GREP_PATTERNS) for _ in range(rng.choice([2, 3]))]
    listed = ','.join(f'"{pattern}"' for pattern in chosen)
    if rng.random() < 0.5:
        return Case(f'grep any={listed}', lines(rng),
                    ['grep', '-E'] + [word for pattern in chosen
                                      for word in ('-e', pattern)],
                    args=['-f', 'text'], read=lines_of)
    return Case(f'grep all={listed}', lines(rng),
                ['bash', '-c', ' | '.join(f"grep -E -e '{pattern}'"
                                          for pattern in chosen)],
                args=['-f', 'text'], read=lines_of)


ROWS = [
    Row('sort', None, sort_any),
    Row('sort beside Miller', 'mlr', sort_mlr),
    Row('sort lines beside coreutils', 'sort', sort_lines),
    Row('sort natural beside coreutils', 'sort', sort_versions),
    Row('top', None, top_any),
    Row('top beside Miller', 'mlr', top_mlr),
    Row('aggregate', None, aggregate_any),
    Row('aggregate beside Miller', 'mlr', aggregate_mlr),
    Row('aggregate beside datamash', 'datamash', aggregate_datamash),
    Row('dedup', None, dedup_any),
    Row('dedup lines beside coreutils', 'uniq', dedup_uniq),
    Row('dedup beside Miller', 'mlr', dedup_mlr),
    Row('head, tail, slice', None, ends_any),
    Row('explode beside Miller', 'mlr', explode_mlr),
    Row('fraction beside Miller', 'mlr', fraction_mlr),
    Row('count distinct beside Miller', 'mlr', count_mlr),
    Row('grep with context', 'grep', grep_context),
    Row('grep only_matching', 'grep', grep_only),
    Row('grep count_only', 'grep', grep_count),
    Row('grep any, all', 'grep', grep_several),
]
