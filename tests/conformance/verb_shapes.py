# SPDX-License-Identifier: MIT
"""Rows of verbs.py for what gives a table another shape."""
import csv
import io
import json

from verb_rows import Case, Row, as_miller, table, NUMBERS, TEXTS


def unpivot_mlr(rng):
    names, _, text = table(rng, a=NUMBERS + [''], b=TEXTS, c=['x', 'y,z', ''])
    chosen = rng.sample(names[:3], rng.randint(1, 3))
    kept = rng.random() < .5
    line = 'unpivot keep=' + ','.join(x for x in names if x not in chosen) \
        if kept else 'unpivot ' + ','.join(chosen)
    if kept:
        chosen = [x for x in names if x in chosen]
    return Case(line + ' name=k value=v', text,
                ['mlr', '--csv', 'reshape', '-i', ','.join(chosen),
                 '-o', 'k,v'], same=as_miller)


def implode_mlr(rng):
    _, rows, text = table(rng, t=TEXTS + [''], g=['a', 'b'])
    names = 't,g\n'
    text = names + ''.join(f'{row[0]},{row[1]}\n' for row in rows)
    return Case('implode t separator=";"', text,
                ['mlr', '--csv', 'nest', '--implode', '--values',
                 '--across-records', '-f', 't', '--nested-fs', ';'],
                same=as_miller)


def read_blocks(text):
    """What is in records of CSV, whose header may change behind an empty
    line."""
    records, names = [], None
    for row in csv.reader(io.StringIO(text, newline='')):
        if not row or not names:
            names = row
        else:
            records.append({name: cell for name, cell in zip(names, row)
                            if cell})
    return records


def pivot_mlr(rng):
    _, rows, text = table(rng, g=['a', 'b', 'c'], k=['x', 'y', 'z'],
                          v=NUMBERS + [''])
    text = 'g,k,v\n' + ''.join(','.join(row[:3]) + '\n' for row in rows)
    return Case('pivot k v function=last', text,
                ['mlr', '--csv', 'reshape', '-s', 'k,v'], read=read_blocks)


def pivot_model(rng):
    """What pivot makes of what unpivot made of a table of different rows."""
    names, rows, text = table(rng, g=TEXTS, k=TEXTS + [''], v=NUMBERS)
    return Case('unpivot k,v | pivot', text, lambda: [
        ['g', 'i', 'k', 'v']] * bool(rows) + [
            [row[0], row[3], row[1], row[2]] for row in rows])


def unsparsify_mlr(rng):
    count = rng.choice([0, 1, 3, 20])
    text = ''.join(json.dumps({name: rng.choice([1, 'x', ''])
                               for name in rng.sample('abcde',
                                                      rng.randint(1, 5))}) +
                   '\n' for _ in range(count))
    given = rng.random() < .5
    words, flags = (' fields=c,a,x', ['-f', 'c,a,x']) if given else ('', [])
    return Case(f'unsparsify{words} value=none', text,
                ['mlr', '--ijson', '--ojsonl', 'unsparsify', '--fill-with',
                 'none'] + flags, args=['-f', 'jsonl'], read=read_json)


def transpose_datamash(rng):
    _, rows, _ = table(rng, a=NUMBERS + ['x'], b=TEXTS)
    text = 'i,a,b\n' + ''.join(f'{row[2]},{row[0]},{row[1]}\n'
                               for row in rows)
    return Case('transpose', text, ['datamash', '-t,', 'transpose'])


def any_json(rng, depth):
    kind = rng.randint(0, 9 if depth else 6)
    if kind < 7:
        return rng.choice([1, -2, 0, 'x', '', 'a b', '"', True, None, {}, []])
    if kind == 7:
        return [any_json(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    return {name: any_json(rng, depth - 1)
            for name in rng.sample(['a', 'b', 'c', 'dd'], rng.randint(0, 3))}


def json_lines(rng):
    rows = [{name: any_json(rng, 4)
             for name in rng.sample(['p', 'q', 'r', 's'], rng.randint(0, 4))}
            for _ in range(rng.choice([0, 1, 3, 20]))]
    return rows, ''.join(json.dumps(row) + '\n' for row in rows)


def read_json(text):
    """With names in their order, and no 1 that is True."""
    return [json.loads(line, object_pairs_hook=lambda pairs: [
        'object', *((name, type(value).__name__, value)
                    for name, value in pairs)])
            for line in text.splitlines()]


def flatten_jq(rng):
    _, text = json_lines(rng)
    leaf = 'type != "object" and type != "array" or . == {} or . == []'
    return Case('flatten', text,
                ['jq', '-c', f'. as $in | reduce paths({leaf}) as $p ({{}}; '
                 '.[$p | map(tostring) | join(".")] = ($in | getpath($p)))'],
                args=['-f', 'jsonl'], read=read_json)


def flatten_mlr(rng):
    """Elements count from 1 there, so there are none."""
    _, text = json_lines(rng)
    if '[' in text.replace('[]', ''):
        text = '{"a":{"b":1,"c":{"d":"x"}},"e":2}\n'
    separator = rng.choice(['.', ':', '__'])
    return Case(f'flatten separator="{separator}"', text,
                ['mlr', '--ojsonl', '--ijson', 'flatten', '-s', separator],
                args=['-f', 'jsonl'], read=lambda text: read_json(
                    text.replace('"{}"', '{}').replace('"[]"', '[]')))


def flatten_back(rng):
    rows, text = json_lines(rng)
    wanted = read_json(''.join(json.dumps(row) + '\n' for row in rows))
    return Case('flatten "/" | unflatten "/"', text, lambda: wanted,
                args=['-f', 'jsonl'], read=read_json)


SHAPES = [
    Row('unpivot beside Miller', 'mlr', unpivot_mlr),
    Row('implode beside Miller', 'mlr', implode_mlr),
    Row('pivot beside Miller', 'mlr', pivot_mlr),
    Row('pivot and unpivot', None, pivot_model),
    Row('unsparsify beside Miller', 'mlr', unsparsify_mlr),
    Row('transpose beside datamash', 'datamash', transpose_datamash),
    Row('flatten beside jq', 'jq', flatten_jq),
    Row('flatten beside Miller', 'mlr', flatten_mlr),
    Row('flatten and unflatten', None, flatten_back),
]
