# SPDX-License-Identifier: MIT
"""Whether two programs wrote the same."""
import csv
import filecmp
import itertools
import json
import math
import os


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return None


def read_rows(path, headless):
    """The rows of a CSV file without its header, in an order that does not
    depend on the file's, nor on how numbers are written."""
    def order(row):
        numbers = [number(cell) for cell in row]
        return ([cell for cell, n in zip(row, numbers) if n is None],
                [n for n in numbers if n is not None])

    with open(path, encoding='latin-1', newline='') as file:
        rows = csv.reader(file)
        if not headless:
            next(rows, None)
        return sorted(rows, key=order)


def same_cell(a, b):
    if a == b:
        return True
    a, b = number(a), number(b)
    return a is not None and b is not None and math.isclose(a, b,
                                                            rel_tol=1e-9)


def same_row(a, b):
    return len(a) == len(b) and all(map(same_cell, a, b))


def compare_rows(ours, theirs, headless):
    pairs = itertools.zip_longest(read_rows(ours, False),
                                  read_rows(theirs, headless), fillvalue=[])
    for a, b in pairs:
        if not same_row(a, b):
            return f'{",".join(a) or "no row"} is not {",".join(b) or "no row"}'
    return None


def compare_bytes(ours, theirs):
    with open(ours, 'rb') as a, open(theirs, 'rb') as b:
        for i, (x, y) in enumerate(itertools.zip_longest(a, b), 1):
            if x != y:
                return f'line {i}: {x!r} is not {y!r}'
    return None


def compare_json(ours, theirs):
    with open(ours) as a, open(theirs) as b:
        for i, (x, y) in enumerate(itertools.zip_longest(a, b), 1):
            if not x or not y or json.loads(x) != json.loads(y):
                return f'line {i}: {x!r} is not {y!r}'
    return None


def compare_arrays(ours, theirs):
    """Arrays of objects, of which each writes one a line, or one over several
    lines that are no others'."""
    def elements(path):
        decoder = json.JSONDecoder()
        with open(path) as file:
            text = file.read()
        at = text.index('[') + 1
        while True:
            while text[at] in ' \t\n,':
                at += 1
            if text[at] == ']':
                return
            element, at = decoder.raw_decode(text, at)
            yield element

    pairs = itertools.zip_longest(elements(ours), elements(theirs))
    for i, (x, y) in enumerate(pairs, 1):
        if x != y:
            return f'element {i}: {x!r} is not {y!r}'
    return None


def difference(ours, theirs, same, headless):
    """Why the files in two folders are not the same, or None. `headless`: in
    theirs CSV has no header."""
    if sorted(os.listdir(ours)) != sorted(os.listdir(theirs)):
        return 'other files were written'
    for name in os.listdir(ours):
        a, b = os.path.join(ours, name), os.path.join(theirs, name)
        if filecmp.cmp(a, b, shallow=False):
            continue
        why = (compare_bytes(a, b) if same == 'bytes'
               else compare_json(a, b) if same == 'json'
               else compare_arrays(a, b) if same == 'array'
               else compare_rows(a, b, headless))
        if why:
            return f'{name}: {why}'
    return None
