# SPDX-License-Identifier: MIT
"""The rows of verbs.py for formats: what is read, and what is written."""
import csv
import io
import json
from decimal import ROUND_HALF_UP, Decimal

from verb_rows import Case, Row, number_of, to_csv

NAMES = ['a', 'bb', 'host', 'a_long_name', 'x.y', '\u00e4\u00f6', '#', '9']
WORDS = ['a', '1', '-2.50', 'q"q', "it's", 'a,b', '\u00e9t\u00e9', '{}', '=',
         'x=1', '\\n', '0x1F', '007', '\udcff']
VALUES = WORDS + ['', 'x y', 'two  blanks', 'end ', 'a\tb']


def names_of(rng, most=5):
    return rng.sample(NAMES, rng.randint(1, most))


def rows_of(rng, names, cells):
    return [[rng.choice(cells) for _ in names]
            for _ in range(rng.choice([1, 2, 20, 60]))]


def as_is(text):
    return text


def cells_of(text):
    """Miller writes a blank line for the only cell of a row that is empty."""
    return [row or [''] for row in csv.reader(io.StringIO(text, newline=''))]


def to_xtab(rng):
    names = names_of(rng)
    return Case('pass', to_csv([names] + rows_of(rng, names, VALUES)),
                ['mlr', '--icsv', '--oxtab', 'cat'],
                ['-f', 'csv', '-t', 'xtab'], as_is)


def from_xtab(rng):
    names = names_of(rng)
    text = '\n'.join(
        ''.join(name + ' ' * rng.randint(1, 4) + cell + '\n'
                for name, cell in zip(names, row)) + '\n' * rng.choice([0, 0, 2])
        for row in rows_of(rng, names, VALUES))
    return Case('pass', text, ['mlr', '--ixtab', '--ocsv', 'cat'],
                ['-f', 'xtab', '-t', 'csv'], cells_of)


def to_nidx(rng):
    names = names_of(rng)
    return Case('pass', to_csv([names] + rows_of(rng, names, WORDS)),
                ['mlr', '--icsv', '--onidx', 'cat'],
                ['-f', 'csv', '-t', 'nidx'], as_is)


def words_of(rng, rows):
    return ''.join(
        row[0] + ''.join(' ' * rng.randint(1, 4) + cell for cell in row[1:]) +
        '\n' for row in rows)


def from_nidx(rng):
    names = names_of(rng)
    return Case('pass', words_of(rng, rows_of(rng, names, WORDS)),
                ['mlr', '--inidx', '--ocsv', 'cat'],
                ['-f', 'nidx', '-t', 'csv'])


def from_columns(rng):
    names = names_of(rng)
    return Case('pass', words_of(rng, [names] + rows_of(rng, names, WORDS)),
                ['mlr', '--ipprint', '--ocsv', 'cat'],
                ['-f', 'columns', '-t', 'csv'])


def template(rng):
    names = ['k', 'n']
    rows = [[rng.choice(WORDS[:-1]), rng.choice(
        ['1', '-1', '2.675', '-0.005', '99.995', '1e3', '12.5e-1', '.5', '7.'])]
        for _ in range(20)]
    digits, width = rng.randint(0, 4), rng.randint(0, 9)
    unit = Decimal(1).scaleb(-digits)

    def line_of(row):
        value = number_of(row[1]).quantize(unit, ROUND_HALF_UP)
        value = abs(value) if value == 0 else value
        return f'{row[0]:>{width + 1}}|{value:.{digits}f}'.replace(
            '|', '|' + ' ' * max(0, width - len(f'{value:.{digits}f}')))
    return Case('pass', to_csv([names] + rows),
                lambda: ''.join(line_of(row) + '\n' for row in rows),
                ['-f', 'csv', '-t',
                 f'template:{{k:>{width + 1}}}|{{n:{width}.{digits}f}}'],
                as_is)


# ---- Tables for people -------------------------------------------------------

SHOWN = ['a', 'bb', 'two words', 'a text of many letters', '\u00e9t\u00e9', '-',
         'x=1', '"q"', '']
FIGURES = ['1', '-1', '2.675', '-0.005', '99.995', '1e3', '12.5e-1', '.5', '7.',
           '100', '0.05', '']
LINES = {
    'none': (('', '  ', ''), None, ('', '-', '  ', ''), None),
    'ascii': (('| ', ' | ', ' |'), *[('+-', '-', '-+-', '-+')] * 3),
    'unicode': (('│ ', ' │ ', ' │'),
                ('┌─', '─', '─┬─', '─┐'),
                ('├─', '─', '─┼─', '─┤'),
                ('└─', '─', '─┴─', '─┘'))}


def rounded(cell, digits):
    if not digits or number_of(cell) is None or not set('.eE') & set(cell):
        return cell
    value = number_of(cell).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f'{abs(value) if value == 0 else value:.{digits}f}'


def lay_out(rows, options):
    """A table; the first of the rows is the header."""
    most = options.get('max_width', 0)
    row_line, *rules = LINES[options.get('border', 'none')]

    def cut(cell):
        return cell[:most - 1] + '\u2026' if most and len(cell) > most else cell
    body = [[rounded(cell, options.get('round', 0)) for cell in row]
            for row in rows[1:]]
    right = [{'left': False, 'right': True}.get(
        options.get('align'), any(column) and all(
            not cell or number_of(cell) is not None for cell in column))
        for column in zip(*rows[1:])]
    cells = [[cut(cell) for cell in row] for row in [rows[0]] + body]
    wide = [max(map(len, column)) for column in zip(*cells)]

    def line(row):
        start, gap, end = row_line
        text = gap.join(cell.rjust(width) if to_right else cell.ljust(width)
                        for cell, width, to_right in zip(row, wide, right))
        return (start + text + end).rstrip(' ')

    def rule(way):
        if not way:
            return []
        start, fill, gap, end = way
        return [start + gap.join(fill * width for width in wide) + end]
    lines = [line(row) for row in cells]
    lines = rule(rules[0]) + lines[:1] + rule(rules[1]) + lines[1:] + \
        rule(rules[2])
    return ''.join(text + '\n' for text in lines)


def for_people(rng):
    names = rng.sample(['name', 'n', 'a long name', 'x.y'], rng.randint(1, 4))
    kinds = [rng.choice([SHOWN, FIGURES, FIGURES, FIGURES + SHOWN])
             for _ in names]
    rows = [names] + [[rng.choice(kind) for kind in kinds]
                      for _ in range(rng.choice([1, 2, 20]))]
    options = {name: value for name, value in [
        ('max_width', rng.randint(1, 12)), ('round', rng.randint(1, 4)),
        ('align', rng.choice(['auto', 'left', 'right'])),
        ('border', rng.choice(list(LINES)))] if rng.random() < 0.6}
    words = ''.join(f' {name}={value}' for name, value in options.items())
    return Case(f'stdout format=table{words}', to_csv(rows),
                lambda: lay_out(rows, options), ['-f', 'csv'], as_is)


# ---- CSV ---------------------------------------------------------------------

def quoting_of(rng):
    """Python's QUOTE_NONNUMERIC goes by the type of a cell."""
    quoting = rng.choice(['all', 'nonnumeric'])
    names = names_of(rng)
    rows = [names] + rows_of(rng, names, [
        cell for cell in VALUES if not cell.startswith('0x')] + FIGURES)

    def written():
        text = io.StringIO(newline='')
        writer = csv.writer(text, lineterminator='\n', quoting={
            'all': csv.QUOTE_ALL, 'nonnumeric': csv.QUOTE_NONNUMERIC}[quoting])
        for row in rows:
            writer.writerow(Figure(cell) if number_of(cell) is not None and
                            quoting == 'nonnumeric' else cell for cell in row)
        return text.getvalue()
    return Case(f'set i = 1 | drop i | stdout format=csv quoting={quoting}',
                to_csv(rows), written, ['-f', 'csv'], as_is)


class Figure(float):
    """A number that is written as it was read."""
    def __new__(cls, text):
        value = super().__new__(cls, text)
        value.text = text
        return value

    def __str__(self):
        return self.text

    __repr__ = __str__


def header_rows(rng):
    count, width = rng.randint(2, 4), rng.randint(1, 4)
    names = [[rng.choice(['', f'n{i}', f'p q{i}', f'a,{i}'])
              for i in range(width)] for _ in range(count)]
    names[rng.randrange(count)] = [f'c{i}' for i in range(width)]
    rows = rows_of(rng, names[0], WORDS)
    text = ''.join(to_csv([row]) + rng.choice(['', '', '\n', '#no,"\n'])
                   for row in names) + to_csv(rows)
    # A row of nothing but empty cells is a record; one empty cell is quoted.
    return Case(f'input header_rows={count} comment="#n"', text, lambda: [
        [' '.join(filter(None, column)) for column in zip(*names)]] + rows)


# ---- JSON --------------------------------------------------------------------

def value_of(rng, depth=0):
    kind = rng.randint(0, 7 if depth < 4 else 4)
    if kind > 5:
        return {key_of(rng): value_of(rng, depth + 1)
                for _ in range(rng.randint(0, 4))}
    if kind > 4:
        return [value_of(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return rng.choice([None, True, 0, -1, 12, 'x y', '\u00e9"\\', '\U0001f600',
                       '', '{"a":1}', '\n', '\u2028'])


def key_of(rng):
    return rng.choice(['a', 'b', 'B', 'aa', '', '10', '9', '\u00e9', '\uffee',
                       '\U0001f600', 'a.b', 'q"', '\\', 'x\ny'])


def json_records(rng):
    return [{key_of(rng): value_of(rng) for _ in range(rng.randint(0, 5))}
            for _ in range(rng.choice([0, 1, 5]))]


def sorted_keys(value):
    """By the bytes of UTF-8, which is the order of code points: Python's."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False,
                      separators=(',', ':'))


def without_escapes(text):
    return [sorted_keys(json.loads(line)) if '\\u' in line else line
            for line in text.split('\n')[:-1]]


def json_text(rng, records):
    blanks = rng.choice([(',', ':'), (', ', ': ')])
    return ''.join(json.dumps(record, ensure_ascii=rng.random() < 0.5,
                              separators=blanks) + '\n' for record in records)


def in_order(rng):
    records = json_records(rng)
    return Case('stdout sort_keys', json_text(rng, records),
                ['jq', '-S', '-c', '.'], ['-f', 'jsonl'], without_escapes)


def in_order_and_ascii(rng):
    records = json_records(rng)
    indent = rng.choice([0, 1, 4])
    blanks = {'indent': indent} if indent else {'separators': (',', ':')}

    def written():
        if not records:
            return ''
        texts = [json.dumps(record, sort_keys=True, **blanks)
                 for record in records]
        if indent:
            texts = ['\n'.join(' ' * indent + line for line in text.split('\n'))
                     for text in texts]
        return '[\n' + ',\n'.join(texts) + '\n]\n'
    return Case(f'stdout format=json sort_keys ascii indent={indent}',
                json_text(rng, records), written, ['-f', 'jsonl'], as_is,
                lambda got, wanted: got == wanted or not records)


# ---- Text --------------------------------------------------------------------

def ended_by_nul(rng):
    line, peer = rng.choice([
        ('pass', ['grep', '-z', '-a', '']),
        ('grep a', ['grep', '-z', '-a', 'a']),
        ('grep a invert', ['grep', '-z', '-a', '-v', 'a']),
        ('sort', ['sort', '-z']),
        ('tail 3', ['tail', '-z', '-n', '3']),
        ('head 2', ['head', '-z', '-n', '2'])])
    # What is blank is sorted last.
    records = [rng.choice(['a', 'b\n', '\n\n', 'a\nb', '\r\n', 'c\r',
                           '\udcff a', 'sort' if line == 'sort' else ''])
               for _ in range(rng.choice([0, 1, 5, 60]))]
    text = '\0'.join(records) + rng.choice(['', '\0'] if records else [''])
    return Case(f'input nul | {line}', text, peer, ['-f', 'text'],
                lambda text: text + '\0' * (text[-1:] not in ('', '\0')))


FORMATS = [
    Row('csv to xtab', 'mlr', to_xtab),
    Row('xtab to csv', 'mlr', from_xtab),
    Row('csv to nidx', 'mlr', to_nidx),
    Row('nidx to csv', 'mlr', from_nidx),
    Row('columns to csv', 'mlr', from_columns),
    Row('template', None, template),
    Row('table', None, for_people),
    Row('quoting', None, quoting_of),
    Row('header_rows', None, header_rows),
    Row('sort_keys', 'jq', in_order),
    Row('sort_keys, ascii and indent', None, in_order_and_ascii),
    Row('nul', 'grep', ended_by_nul),
]
