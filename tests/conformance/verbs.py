# SPDX-License-Identifier: MIT
"""Verbs beside their peers, on many small random tables.

    verbs.py COSEND [ROW...]

A row of ROWS, SHAPES, JOINS, FIELDS, EXPRESSIONS, FORMATS, TIMES or LINES is a
verb: a program that does the same, or None where Python itself is the judge, and
a function that, for a random table, makes the line of cosend and what it must
print. A peer that is not there is skipped, and said so. COSEND_VERB_RUNS tables
are tried for each row, 200 by default; the first that differs is printed with
its seed.
"""
import csv
import io
import os
import random
import shutil
import subprocess
import sys

from verb_expressions import EXPRESSIONS
from verb_fields import FIELDS
from verb_formats import FORMATS
from verb_joins import JOINS
from verb_lines import LINES
from verb_rows import ROWS
from verb_shapes import SHAPES
from verb_times import TIMES

RUNS = int(os.environ.get('COSEND_VERB_RUNS', '200'))


def run(argv, text):
    done = subprocess.run(argv, input=text.encode('utf-8', 'surrogateescape'),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False,
                          env={'LC_ALL': 'C', 'PATH': os.environ['PATH'],
                               'TZ': 'UTC'})
    return done.returncode, done.stdout.decode('utf-8', 'surrogateescape'), \
        done.stderr.decode('utf-8', 'surrogateescape')


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline='')))


def try_one(cosend, row, seed):
    """None, or what differs."""
    rng = random.Random(f'{row.name} {seed}')
    case = row.make(rng)
    how = rng.choice([[], ['--batch-size', '1'], ['--batch-size', '7'],
                      ['-j', '2']])
    argv = [cosend, case.line, '--quiet'] + case.args + how
    status, mine, complaint = run(argv, case.text)
    if callable(case.peer):
        theirs, wanted = None, case.peer()
    else:
        _, theirs, other = run(case.peer, case.text)
        complaint += other
        wanted = case.read(theirs)
    got = case.read(mine)
    if status == 0 and case.same(got, wanted):
        return None
    return '\n'.join([f'{row.name}, seed {seed}: {argv}', case.text,
                      f'cosend ({status}): {got}', f'peer: {wanted}',
                      complaint])


def main():
    cosend, wanted = sys.argv[1], sys.argv[2:]
    failed = 0
    for row in ROWS + SHAPES + JOINS + FIELDS + EXPRESSIONS + FORMATS + \
            TIMES + LINES:
        if wanted and row.name not in wanted:
            continue
        if row.program and not shutil.which(row.program):
            print(f'{row.name:<36} skipped: no {row.program} here')
            continue
        different = [text for seed in range(RUNS)
                     if (text := try_one(cosend, row, seed))]
        print(f'{row.name:<36} {row.program or "Python":<10} '
              f'{RUNS - len(different):>5} of {RUNS} the same')
        if different:
            failed += 1
            print(different[0])
    sys.exit(failed != 0)


main()
