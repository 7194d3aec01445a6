# SPDX-License-Identifier: MIT
"""Rows of verbs.py for what looks records up in a table, and judges them."""
import atexit
import os
import shutil
import tempfile

from verb_rows import Case, Row, by_value, lines_of, table, to_csv, \
    ODD_TEXTS, TEXTS

FOLDER = tempfile.mkdtemp()
atexit.register(shutil.rmtree, FOLDER)
TABLE = os.path.join(FOLDER, 'table.csv')

KEYS = ['k', 'kk', '5', '05', '5.0', 'a b', '-1', 'K', '\u00e4']


def write_table(rng, keys, others, by_key=False):
    """A table of a key k and columns x, y; its rows."""
    rows = [[rng.choice(keys), rng.choice(others), rng.choice(others)]
            for _ in range(rng.choice([0, 1, 3, 10, 40]))]
    if by_key:
        rows.sort(key=lambda row: row[0])
    with open(TABLE, 'w', encoding='utf-8', errors='surrogateescape',
              newline='') as out:
        out.write(to_csv([['k', 'x', 'y']] + rows))
    return rows


def joined(rows, others, unmatched, several, default=''):
    """What becomes of records whose first cell is the key."""
    out = []
    for row in rows:
        found = [other[1:] for other in others if row[0] and
                 other[0] == row[0]]
        if unmatched == 'only':
            out += [] if found else [row]
        elif found:
            out += [row + cells for cells in found[:None if several else 1]]
        elif unmatched == 'keep':
            out.append(row + [default, default])
    return out


def lookup_model(rng):
    """All ways, of cells of all kinds."""
    names, rows, text = table(rng, on=KEYS + ['', 'q"q'], t=ODD_TEXTS)
    others = write_table(rng, KEYS + ['', 'q"q', 'p,q'], ODD_TEXTS)
    unmatched = rng.choice(['keep', 'drop', 'only'])
    line = f'lookup {TABLE} key=k on=on unmatched={unmatched}'
    default, several = '', rng.random() < .5
    if unmatched != 'only':
        line += f' several={"all" if several else "first"}'
        names = names + ['x', 'y']
    if unmatched == 'keep' and rng.random() < .5:
        default = '?'
        line += ' default=?'
    return Case(line, text, lambda: [names] + joined(
        rows, others, unmatched, several, default))


def lookup_of_two(rng):
    """Keys of two parts, the columns in another order in the table."""
    keys = ['a', 'b', 'ab', '', 'c,']
    names, rows, text = table(rng, p=keys, q=keys)
    others = [[rng.choice(keys), rng.choice(keys), str(i)]
              for i in range(rng.choice([0, 2, 9]))]
    with open(TABLE, 'w', encoding='utf-8', newline='') as out:
        out.write(to_csv([['b', 'a', 'n']] + others))
    found = {}
    for b, a, n in others:
        found.setdefault((a, b), n)
    return Case(f'lookup {TABLE} key=a,b on=p,q several=first', text,
                lambda: [names + ['n']] + [
                    row + [found.get((row[0], row[1]), '')
                           if row[0] and row[1] else ''] for row in rows])


def without_blanks(text):
    """Records as what they have; the order of columns is the peer's."""
    lines = Case('', '', None).read(text)
    return [sorted((name, cell) for name, cell in zip(lines[0], line) if cell)
            for line in lines[1:] if line]


def join_mlr(rng):
    """Paired, and unpaired of the records, which is where Miller has them."""
    _, _, text = table(rng, k=TEXTS, t=TEXTS)
    write_table(rng, TEXTS, ['1', '2', 'v'])
    ways = {'drop': [], 'keep': ['--ur'], 'only': ['--np', '--ur']}
    unmatched = rng.choice(list(ways))
    line = f'lookup {TABLE} key=k unmatched={unmatched}'
    if unmatched != 'only':
        line += ' several=all'
    return Case(line, text,
                ['mlr', '--csv', '-S', 'join'] + ways[unmatched] +
                ['-j', 'k', '-f', TABLE, 'then', 'unsparsify'],
                read=without_blanks)


def join_coreutils(rng):
    """Sorted by the key on both sides, as join wants it."""
    _, rows, _ = table(rng, k=TEXTS, t=TEXTS)
    rows.sort(key=lambda row: row[0])
    text = to_csv([['k', 't', 'i']] + rows)
    write_table(rng, TEXTS, ['1', '2', 'v'], by_key=True)
    ways = {'drop': [], 'keep': ['-a1', '-e', '', '-o', '0,1.2,1.3,2.2,2.3'],
            'only': ['-v1']}
    unmatched = rng.choice(list(ways))
    line = f'lookup {TABLE} key=k unmatched={unmatched}'
    if unmatched != 'only':
        line += ' several=all'
    return Case(line, text, ['join', '--header', '-t,'] + ways[unmatched] +
                ['-', TABLE], same=lambda got, wanted: got[1:] == wanted[1:])


def comm_coreutils(rng):
    """Lines of one file that are, or are not, in another."""
    lines = sorted(set(rng.choice(TEXTS) + rng.choice(TEXTS)
                       for _ in range(rng.choice([0, 3, 20]))))
    others = sorted(set(rng.choice(TEXTS) + rng.choice(TEXTS)
                        for _ in range(rng.choice([1, 3, 20]))))
    known = os.path.join(FOLDER, 'known.txt')
    with open(known, 'w', encoding='utf-8') as out:
        out.write(''.join(line + '\n' for line in others))
    only = rng.random() < .5
    return Case(f'lookup {known} ' + ('unmatched=only' if only else
                                      'unmatched=drop add=false'),
                ''.join(line + '\n' for line in lines),
                ['comm', '-23' if only else '-12', '-', known],
                args=[], read=lines_of)


def in_order(cell):
    """As sort has it: blanks are last."""
    return (cell == '', by_value(cell))


def expect_model(rng):
    """What is rejected is what is not as it should be."""
    names, rows, text = table(rng, a=ODD_TEXTS + ['1', '2', '10'], b=TEXTS)
    kept, seen, before = [names], set(), None
    unique = rng.random() < .5
    for row in rows:
        if unique and row[0] not in seen:
            kept.append(row)
        elif not unique and (before is None or
                             in_order(row[0]) >= in_order(before)):
            kept.append(row)
            before = row[0]
        seen.add(row[0])
    return Case(f'expect action=reject {"unique" if unique else "sorted"}=a',
                text, lambda: kept)


JOINS = [
    Row('lookup', None, lookup_model),
    Row('lookup of two fields', None, lookup_of_two),
    Row('lookup beside Miller join', 'mlr', join_mlr),
    Row('lookup beside join', 'join', join_coreutils),
    Row('lookup beside comm', 'comm', comm_coreutils),
    Row('expect', None, expect_model),
]
