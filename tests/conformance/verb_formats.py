# SPDX-License-Identifier: MIT
"""The rows of verbs.py for formats: what is read, and what is written."""
import csv
import io
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


FORMATS = [
    Row('csv to xtab', 'mlr', to_xtab),
    Row('xtab to csv', 'mlr', from_xtab),
    Row('csv to nidx', 'mlr', to_nidx),
    Row('nidx to csv', 'mlr', from_nidx),
    Row('columns to csv', 'mlr', from_columns),
    Row('template', None, template),
]
