# SPDX-License-Identifier: MIT
"""Rows of verbs.py for what gives a table another shape."""
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
    Row('flatten beside jq', 'jq', flatten_jq),
    Row('flatten beside Miller', 'mlr', flatten_mlr),
    Row('flatten and unflatten', None, flatten_back),
]
