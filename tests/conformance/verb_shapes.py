# SPDX-License-Identifier: MIT
"""Rows of verbs.py for what gives a table another shape, and runs along."""
import csv
import io
import json

from fractions import Fraction

from verb_rows import (Case, Row, as_bytes, as_miller, by_value, nearly,
                       number_of, table, FUNCTIONS, NUMBERS, ODD_NUMBERS,
                       ODD_TEXTS, TEXTS)


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


def running_mlr(rng):
    """Miller has 0 where there is nothing before, and - for a lag."""
    _, rows, _ = table(rng, g=['a', 'b'], n=NUMBERS + ['2.5', '-0.25'])
    text = 'g,n\n' + ''.join(f'{row[0]},{row[1]}\n' for row in rows)
    name, peer = rng.choice([('sum', 'rsum'), ('delta', 'delta'),
                             ('lag', 'shift'), ('ewma', 'ewma')])
    flags = ['-d', '0.1'] if name == 'ewma' else []

    def same(got, wanted):
        seen = set()
        for row in wanted[1:]:
            if row[0] not in seen and name in ('delta', 'lag'):
                row[2] = ''
            seen.add(row[0])
        return not rows or nearly(got[1:], wanted[1:])
    return Case(f'running {name} n by=g' + ' alpha=0.1' * bool(flags), text,
                ['mlr', '--csv', 'step', '-a', peer, '-f', 'n', '-g', 'g'] +
                flags, same=same)


def running_window(rng):
    """In a window of records, of which those that are blank add nothing."""
    _, rows, _ = table(rng, g=['a', 'b'],
                       n=[x for x in ODD_NUMBERS if len(x) < 15] + ['', ''])
    text = 'g,n\n' + ''.join(f'{row[0]},{row[1]}\n' for row in rows)
    name = rng.choice(['sum', 'mean', 'min', 'max', 'count'])
    window, by = rng.choice([0, 1, 2, 3, 7, 100]), rng.random() < .7

    def one(cells):
        cells = [cell for cell in cells if cell]
        numbers = [Fraction(number_of(cell)) for cell in cells]
        if name == 'count':
            return str(len(cells))
        if name in ('min', 'max'):
            best = min(numbers) if name == 'min' else max(numbers, default=0)
            return next(cell for cell, number in zip(cells, numbers)
                        if number == best) if cells else ''
        return FUNCTIONS[name](cells, numbers)

    def wanted():
        groups, result = {}, [['g', 'n', 'x']]
        for row in rows:
            cells = groups.setdefault(row[0] if by else '', [])
            cells.append(row[1])
            last = cells[-window:]
            result.append(row[:2] + [one(last) if any(last) or name not in (
                'min', 'max') else ''])
        return result
    return Case(f'running {name} n as=x window={window}' + ' by=g' * by, text,
                wanted)


def frequency_mlr(rng):
    _, rows, text = table(rng, g=TEXTS)
    limit = rng.choice([0, 1, 3])
    line = 'frequency g' + f' {limit}'

    def same(got, wanted):
        wanted = [['g', row[0], row[1]] for row in wanted[1:] if row]
        return got[1:] == wanted[:limit or None]
    return Case(line, text, ['mlr', '--csv', 'count-distinct', '-f', 'g',
                             'then', 'sort', '-nr', 'count'], same=same)


def histogram_mlr(rng):
    """With bounds that a double has, so that Miller does not round them."""
    _, rows, text = table(rng, n=NUMBERS + ['2.5', '0.25', '7.5'])
    bins, (lo, hi) = rng.choice([1, 2, 4, 8]), rng.choice([(0, 8), (-16, 16),
                                                          (-1, 1)])
    return Case(f'histogram n {bins} lo={lo} hi={hi}', text,
                ['mlr', '--csv', 'histogram', '-f', 'n', '--lo', str(lo),
                 '--hi', str(hi), '--nbins', str(bins)],
                same=lambda got, wanted: not rows or
                nearly(got[1:], wanted[1:]))


def stats_model(rng):
    names, rows, text = table(rng, g=ODD_TEXTS, n=[
        x for x in ODD_NUMBERS if len(x) < 15] + [''])

    def one(i, name):
        cells = [row[i] for row in rows if row[i]]
        numbers = [number_of(cell) for cell in cells]
        kinds = [('text' if number is None else 'float' if
                  set(cell) & set('.eE') else 'int')
                 for cell, number in zip(cells, numbers)]
        numbers = [Fraction(x) for x in numbers if x is not None]
        lengths = [len(as_bytes(cell).decode('utf-8', 'replace'))
                   for cell in cells]
        values = ['', '', '']
        if cells:
            # Of equal numbers that which is written shortest.
            values = [min((x for x in cells if by_value(x) == by_value(best)),
                          key=len)
                      for best in (min(cells, key=by_value),
                                   max(cells, key=by_value))]
        return [name, '-'.join(dict.fromkeys(kinds)) or 'empty',
                str(len(cells)), str(len(rows) - len(cells)),
                str(len(set(cells)))] + values[:2] + [
            FUNCTIONS['mean'](cells, numbers)] + [
            FUNCTIONS['p50'](cells, numbers), str(min(lengths, default='')),
            str(max(lengths, default=''))]
    line = 'stats | select field,type,count,null,distinct,min,max,mean,p50,' \
        'min_length,max_length'
    return Case(line, text, lambda: [line.split(' ')[-1].split(',')] + [
        one(i, name) for i, name in enumerate(names)],
        same=lambda got, wanted: got[1:] == wanted[1:])


SHAPES = [
    Row('unpivot beside Miller', 'mlr', unpivot_mlr),
    Row('implode beside Miller', 'mlr', implode_mlr),
    Row('pivot beside Miller', 'mlr', pivot_mlr),
    Row('pivot and unpivot', None, pivot_model),
    Row('unsparsify beside Miller', 'mlr', unsparsify_mlr),
    Row('transpose beside datamash', 'datamash', transpose_datamash),
    Row('running beside Miller', 'mlr', running_mlr),
    Row('running in a window', None, running_window),
    Row('frequency beside Miller', 'mlr', frequency_mlr),
    Row('histogram beside Miller', 'mlr', histogram_mlr),
    Row('stats', None, stats_model),
    Row('flatten beside jq', 'jq', flatten_jq),
    Row('flatten beside Miller', 'mlr', flatten_mlr),
    Row('flatten and unflatten', None, flatten_back),
]
