# SPDX-License-Identifier: MIT
"""What the options of filters are tried with: by their types, so that a new
filter needs nothing here, and by name where a type does not say enough."""
import json

# The tables that all is tried on.
FILES = {
    'plain.csv': b'id,k,n,s\n' + b''.join(
        b'%d,%s,%d,%s\n' % (i, b'abcab'[i % 5:i % 5 + 1], i * 7 % 11,
                            [b'x;y', b'p-q', b'Zed'][i % 3])
        for i in range(1, 41)),
    'dirty.csv': (
        b'id,k,n,s\n1,a,5,x;y\n2,b,,z\n3,a,seven,"w;\n""v"""\n4,,-0.5,\n'
        b'4,,-0.5,\n5,\xff\xfe,1e3,\xc3\xa9;\xc3\n6,A,007,"a,b"\n'
        b'7,b,99999999999999999999,x\n8,a, 3,"x;y"\n,,,\n9,a,5,x;y\n'
        b'10,b,0.1,\x00nul\n11,c,0.2,  pad \n1,a,5,x;y\n12,B,1e999,m.n\n'
        b'13,a,-3,=1+1\n14,c,2.50,a=1\n'),
    'ragged.csv': (
        b'id,k,n,s\r\n1,a,5,x\r\n2,b,6\r\n3,a,7,y,more\r\n4\r\n\r\n'
        b'5,b,8,"z"\r\n6,a,9,"open "tail\r\n7,b,10,w\r\n8,a,11,q'),
    'header.csv': b'id,k,n,s\n',
    'empty.csv': b'',
    'dirty.jsonl': (
        b'{"id":1,"k":"a","n":5,"s":"x;y"}\n'
        b'{"id":2,"k":"b","s":"z","some":[1,2,{"q":null}]}\n'
        b'{"id":3,"k":"a","n":"seven","s":"w;v","user":{"name":"ann"}}\n'
        b'{"id":4,"k":null,"n":-0.5,"s":""}\n{"id":4,"k":null,"n":-0.5}\n'
        b'{"n":1e3,"k":"\xc3\xa9","id":"5","s":"q"}\n'
        b'not json\n'
        b'{"id":6,"k":"A","n":true,"s":["x","y"]}\n{}\n'
        b'{"id":7,"k":"b","n":99999999999999999999,"s":"a.b","k2":1}\n'
        b'{"id":8,"k":"\\ud800","n":"5","s":{"a":{"b":[0]}}}\n'
        b'{"id":9,"k":"a","n":5,"s":"x;y","user":{"name":"bob","age":3}}\n'
        b'{"id":10,"k":"b","n":null,"s":7}\n'
        b'[1,2]\n'
        b'{"id":11,"k":"c","n":0.1,"s":"\xff"}\n'
        b'{"id":12,"k":"c","n":0.2,"s":"\\u0000"}\n'
        b'{"id":1,"k":"a","n":5,"s":"x;y"}\n'
        b'{"id":13,"k":"a","n":3,"s":"a=1"}'),
    'twice.jsonl': b'{"n":1,"k":"a","n":2,"s":"x;y"}\n{"n":3,"k":"b"}\n',
    'empty.jsonl': b'',
    'lines.txt': (
        b'one 1\ntwo; 22\n\nthree \xff\xfe 3\nONE 1\r\none 1\n\x00\n'
        b'GET /a?x=1 HTTP/1.1\n' + b'seven 7 one\n' * 8 + b'last'),
}
FILES['plain.jsonl'] = b''.join(
    json.dumps(dict(zip(('id', 'k', 'n', 's'), line.split(','))),
               separators=(',', ':')).encode() + b'\n'
    for line in FILES['plain.csv'].decode().split()[1:])
TABLES = [name for name in FILES if name != 'plain.jsonl']
DIRTY = ['dirty.csv', 'dirty.jsonl']
BARE = ['header.csv', 'empty.csv', 'empty.jsonl']
FILES.update({
    't.csv': b'key,k,city\na,a,Rome\nb,b,Oslo\nb,b,Bonn\n,,None\nA,A,"x,y"\n',
    'p.txt': b'a\nx;y\n',
})


def by_type(option):
    """Values for an option, by its type and its example."""
    kind, example = option['type'], option['example']
    if kind == 'true|false':
        return [True, False]
    if kind == 'number':
        return [1, 2, 3, 0, -1, 40] + [example] * (example is not None)
    if kind == 'field':
        return ['n', 'k', 's', 'id']
    if kind == 'field,...':
        return ['k', ['n'], ['k', 's'], ['*'], ['!n'], ['`id`-`n`'],
                ['/^[ks]$/']]
    if kind in ('text', 'pattern', 'duration', 'size', 'path', 'template',
                'text,...', 'name=text,...', 'time'):
        more = {'text': ['', ';', 'q', 'n', '\u00e9'],
                'pattern': ['a', '', '[0-9]+', '^.$', '\u00e9'],
                'size': ['1M'], 'time': ['2024-12-31'],
                'template': ['{k}-{n:>5}', '', '{s}'],
                'text,...': [['a', 'n'], 'k']}.get(kind, [])
        return more + [example] * (example is not None)
    if kind in ('expression', 'condition'):
        return ['n > 2', 'k == "a" || exists(s)']
    if '|' in kind and '=' not in kind and ' ' not in kind:
        return kind.split('|')
    return [example] * (example is not None)


# (filter, option): values, instead of those.
VALUES = {
    ('aggregate', 'of'): [
        ['count', 'sum(n)', 'mean(n)'], ['min(n)', 'max(n)', 'range(n)'],
        ['first(s)', 'last(s)', 'mode(k)', 'distinct(s)', 'null_count(n)'],
        ['var(n)', 'stddev(n)', 'median(n)', 'p95(n)'],
        ['list(s)', 'concat(k)'], ['q=sum(n * 2)', 'c=count(n > 2)']],
    ('aggregate', 'values'): [{'n': 'count', 'p': {'p50': 'n'}},
                              {'x': 'sum(id + n)'}],
    ('broadcast', 'branches'): [
        [[{'grep': 'a'}], [{'count': 'k'}]],
        [[{'where': 'n > 2'}], [{'set': {'q': 'n * 2'}}], []]],
    ('case', 'to'): ['lower', 'upper', 'title'],
    ('convert', 'columns'): [{'n': kind} for kind in
                             ('int', 'float', 'bool', 'string', 'date')] +
                            [{'*': 'string', 'id': 'int'}],
    ('convert', 'decimal'): [',', '.'],
    ('convert', 'format'): ['%d.%m.%Y', '%Y-%m-%d'],
    ('convert', 'zone'): ['Europe/Berlin', '+02:00', 'UTC'],
    ('expect', 'columns'): [['id', 'k', 'n', 's'], ['n']],
    ('expect', 'sorted'): [['id'], ['-n', 'k']],
    ('fill', 'fields'): [['n'], ['k', 's'], ['*'], 'zz'],
    ('format', 'template'): ['{k}-{n:>5}', '{s}{id:05}', 'x {k!r'],
    ('generate', 'record'): [{'id': '{n}', 'r': '{rand}'}, {'a': 'x'}],
    ('generate', 'interval'): ['1ms'], ('generate', 'rate'): [1000],
    ('grep', 'patterns_file'): ['p.txt', 'missing.txt'],
    ('hash', 'key_file'): ['p.txt', 'missing.txt'],
    ('hash', 'key_env'): ['PATH', 'NONE'],
    ('hash', 'length'): [1, 16, 64, 128],
    ('histogram', 'bins'): [1, 2, 20, 0],
    ('histogram', 'lo'): [0, -5, 3], ('histogram', 'hi'): [10, 3, -5],
    ('histogram', 'bar'): [2, 40, 1],
    ('bar', 'width'): [2, 40, 1], ('bar', 'as'): ['n', 'q', ''],
    ('sparkline', 'width'): [5, 40, 4],
    ('between', 'since'): ['1970-01-01T00:00:05Z', '1970-01-01'],
    ('between', 'until'): ['1970-01-01T00:00:09Z'],
    ('between', 'time_field'): ['n', 'id'], ('between', 'tz'): ['+01:00'],
    ('sparkline', 'every'): ['1s', '7ms', '1d'],
    ('lookup', 'file'): ['t.csv', ['t.csv', 't.csv'], 'missing.csv'],
    ('lookup', 'key'): ['k', 'key'], ('lookup', 'on'): ['k', 's'],
    ('lookup', 'columns'): [['city'], ['key', 'city']],
    ('lookup', 'header'): [True], ('lookup', 'format'): ['csv', 'auto'],
    ('lookup', 'delimiter'): [','], ('lookup', 'escape'): ['\\'],
    ('lookup', 'max_record_bytes'): [1000],
    ('lookup', 'skip_lines'): [0, 1], ('lookup', 'comment'): ['#', 'A'],
    ('multiline', 'preset'): [['java', 'python'], 'go', 'node'],
    ('parse', 'regex'): ['(?<q>[a-z]+)', '(?<q>.)(?<r>.)?', '(?<n>a)'],
    ('parse', 'log4j'): ['%p %m%n', '%d{ISO8601} [%t] %c - %m', '%m'],
    ('parse', 'postgres'): ['%m [%p] ', '%u@%d '],
    ('parse', 'grok'): ['%{WORD:q}', '(?:%{INT:n}|%{WORD:k}) ?'],
    ('parse', 'any'): [['%{INT:q}', '(?<r>[xy])'], ['%{ID:n}']],
    ('parse', 'patterns'): [{'ID': '[a-z]'}],
    ('parse', 'pattern'): ['*;*', 'x*y*'],
    ('parse', 'names'): [['q', 'r'], ['_', 'n']],
    ('parse', 'types'): [{'q': 'int'}, {'r': 'float', 'q': 'date'}],
    ('parse', 'pair_separator'): [';', ' ', '-'],
    ('parse', 'value_separator'): ['=', ':', ' '],
    ('parse', 'delimiter'): [';', '||'],
    ('rejoin', 'max_bytes'): [1, 5, '1M'], ('rejoin', 'timeout'): ['1m', 0],
    ('redact', 'what'): ['card', ['mail', 'ip'], ['card', 'mail', 'ip']],
    ('redact', 'ipv4_bits'): [8, 24, 32], ('redact', 'ipv6_bits'): [48, 64],
    ('redact', 'pattern'): ['[0-9]', ['a', 'x']],
    ('rename', 'names'): [{'k': 'kk'}, {'n': 'k', 'k': 'n'}, {'n': 's'}],
    ('rename', 'regex'): ['^[ks]', 'n$'],
    ('replace', 'with'): ['<$0>', '', '$1'],
    ('route', 'cases'): [
        [{'when': 'n > 5', 'steps': [{'set': {'big': 'n'}}]},
         {'when': 'k == "a"', 'steps': []}],
        [{'when': {'field': 'n', 'op': 'lt', 'value': 3},
          'steps': [{'count': {}}]}]],
    ('route', 'default'): [[], [{'null': {}}], [{'enumerate': 'q'}]],
    ('sample', 'rate'): [0.5, 0, 1, 0.01],
    ('throttle', 'mode'): ['drop', 'reject'], # delay: with `time` an error
    ('throttle', 'rate'): [1, 3, 0], ('throttle', 'per'): ['1s', '7s'],
    ('select', 'fields'): [['n'], ['s', 'k'], ['*'], ['!n'], ['`id`-`n`'],
                           ['/^[ks]$/'], ['k', 'zz']],
    ('set', 'assignments'): [
        {'q': 'n * 2', 'k': 'upper(k)'}, {'n': 'n ?? 0'},
        {'q': 'if(n > 3, "big", s)'}, {'q': 'length(s) + id'},
        {'q': 'user.name ?? "-"'}, {'q': 'n / id'}],
    ('sort', 'by'): [['n'], ['-n', 'k'], ['k', '-id'], 's',
                     [{'field': 'n', 'numeric': True, 'nulls': 'first'}]],
    ('sort', 'tmp'): ['.'],
    ('split', 'separator'): [';', 'x', ''],
    ('split', 'into'): [['p', 'q'], ['p']],
    ('tap', 'to'): ['stderr'],
    ('tee', 'to'): [[{'grep': 'a'}, {'null': {}}], [{'count': 'k'}],
                    [{'set': {'q': '1'}}]],
    ('window', 'of'): [['count'], ['mean(n)', 'last(s)']],
    ('window', 'values'): [{'x': 'sum(n)'}],
    ('window', 'slide'): ['2s', '5s', '3s'],
    ('unpivot', 'fields'): [['n', 's'], '*', ['/^[ns]$/']],
    ('where', 'condition'): [
        'n > 2', 'k == "a" || exists(s)', 'n != 5', 'empty(n)',
        'length(s) > 2', {'field': 'n', 'op': 'ge', 'value': 3},
        {'not': {'field': 'k', 'op': 'in', 'value': ['a', 'b']}}],
}

# What an option needs beside it; the first base of a filter is tried without.
BASES = {
    'aggregate': [{'of': ['count', 'sum(n)', 'max(k)']}],
    'average': [{'field': 'n'}],
    'bar': [{'field': 'n'}, {'field': 'n', 'lo': -1, 'hi': 6}],
    'between': [{'since': '1970-01-01T00:00:03Z', 'time_field': 'n'}],
    'count': [{}, {'by': 'k'}],
    'dedup': [{}, {'fields': ['k']}],
    'enumerate': [{}],
    'expect': [{'condition': 'n > 2', 'action': 'reject'}],
    'explode': [{'field': 's'}],
    'fill': [{'fields': ['n', 'k']}],
    'flatten': [{}],
    'fraction': [{'field': 'n'}, {'field': 'id'}],
    'generate': [{'count': 5}],
    'grep': [{'pattern': 'a'}],
    'hash': [{'fields': ['k', 's']}, {'fields': ['n'], 'as': 'of_n'}],
    'histogram': [{'field': 'n'}, {'field': 'id', 'bins': 3}],
    'implode': [{'field': 's'}],
    'lookup': [{'file': 't.csv', 'on': 'k', 'key': 'key', 'prefix': 't_'}],
    'multiline': [{'start': '[a-w]', 'field': 's', 'timeout': '1m'},
                  {'start': '^[a-z]', 'timeout': '1m'},
                  {'preset': ['java', 'python'], 'timeout': '1m'}],
    'origin': [{'path': 'from'}],
    'parse': [{'regex': '(?<q>[a-z]+)', 'field': 's'},
              {'regex': '(?<q>.)'}],
    'pivot': [{'name': 'k', 'value': 'n', 'by': 'id'},
              {'name': 'k', 'value': 'n', 'function': 'count'}],
    'redact': [{'pattern': ['[0-9]']}],
    'rename': [{'names': {'k': 'kk'}}, {'regex': '^k', 'with': 'n'}],
    'replace': [{'pattern': 'a', 'with': '<$0>'}],
    'route': [{'cases': [{'when': 'n > 5', 'steps': [{'set': {'big': 'n'}}]},
                         {'when': 'k == "a"', 'steps': []}],
               'default': []}],
    'running': [{'fn': fn, 'field': 'n'} for fn in
                ('sum', 'mean', 'min', 'max', 'count', 'delta', 'ratio',
                 'ewma', 'lag')],
    'sample': [{'every': 2}, {'rate': 0.5}, {'reservoir': 3}],
    'set': [{}],
    'sort': [{'by': ['n']}],
    'sparkline': [{'field': 'n'}, {'time': 'id', 'by': ['k']},
                  {'field': 'n', 'time': 'id', 'width': 5}],
    'split': [{'field': 's', 'separator': ';', 'n': 2},
              {'field': 's', 'separator': ';', 'into': ['p', 'q']}],
    'top': [{'n': 2, 'field': 'n'}],
    'throttle': [{'rate': 2, 'time': 'id', 'by': ['k']},
                 {'rate': 1, 'time': 'n', 'mode': 'reject'}],
    'timeslice': [{'field': 'id', 'every': '5m'}],
    'transpose': [{}],
    'unflatten': [{}],
    'unpivot': [{'fields': ['n', 's']}],
    'window': [{'of': ['count', 'sum(n)'], 'time': 'id', 'size': '5s'}],
}
NEEDS = {
    ('aggregate', 'separator'): {'of': ['concat(k)']},
    ('aggregate', 'overflow'): {'by': 'k', 'max_groups': 2},
    ('aggregate', 'max_groups'): {'by': 'k'},
    ('case', 'overwrite'): {'of': 'names'},
    ('convert', 'decimal'): {'columns': {'n': 'float'}},
    ('convert', 'group'): {'columns': {'n': 'float'}},
    ('convert', 'format'): {'columns': {'id': 'date'}},
    ('convert', 'zone'): {'columns': {'id': 'date'}},
    ('histogram', 'ascii'): {'bar': 9},
    ('dedup', 'window'): {'scope': 'window'},
    ('dedup', 'time'): {'ttl': '5m'},
    ('dedup', 'ttl'): {'time': 'id'},
    ('fill', 'by'): {'down': True}, ('fill', 'add'): {'value': '0'},
    ('histogram', 'lo'): {'hi': 20}, ('histogram', 'hi'): {'lo': -1},
    ('hash', 'as'): {'fields': ['k']},
    ('implode', 'max_groups'): {},
    ('lookup', 'line_field'): {'file': 'p.txt', 'key': None,
                              'prefix': None, 'unmatched': 'only'},
    ('lookup', 'add'): {'unmatched': 'drop'},
    ('multiline', 'preset'): {'start': None},
    ('multiline', 'part'): {'max_lines': 2},
    ('multiline', 'max_groups'): {'by': 'k'},
    ('redact', 'ipv4_bits'): {'what': ['ip']},
    ('redact', 'ipv6_bits'): {'what': ['ip']},
    ('parse', 'as'): {'regex': None, 'field': None},
    ('parse', 'nginx'): {'regex': None, 'field': None},
    ('parse', 'apache'): {'regex': None, 'field': None},
    ('parse', 'log4j'): {'regex': None, 'field': None},
    ('parse', 'postgres'): {'regex': None, 'field': None},
    ('parse', 'grok'): {'regex': None},
    ('parse', 'any'): {'regex': None, 'patterns': {'ID': '[a-z]+'}},
    ('parse', 'patterns'): {'regex': None, 'grok': '%{ID:q}'},
    ('parse', 'pattern'): {'regex': None, 'names': ['q', 'r']},
    ('parse', 'names'): {'regex': None, 'pattern': '*;*'},
    ('parse', 'rest'): {'regex': None, 'field': None, 'as': 'combined'},
    ('parse', 'types'): {'regex': None, 'as': 'csv', 'names': ['q', 'r'],
                         'delimiter': ';'},
    ('parse', 'pair_separator'): {'regex': None, 'as': 'kv'},
    ('parse', 'value_separator'): {'regex': None, 'as': 'kv',
                                   'pair_separator': ';'},
    ('parse', 'delimiter'): {'regex': None, 'as': 'csv'},
    ('rename', 'regex'): {'names': None},
    ('rename', 'with'): {'names': None, 'regex': '^[kn]'},
    ('running', 'back'): {'fn': 'lag'}, ('running', 'alpha'): {'fn': 'ewma'},
    ('running', 'window'): {'fn': 'mean'},
    ('sample', 'rate'): {'every': None},
    ('sample', 'reservoir'): {'every': None},
    ('sample', 'key'): {'every': None, 'rate': 0.5},
    ('sample', 'seed'): {'every': None, 'rate': 0.5},
    ('sparkline', 'every'): {'field': None, 'time': 'id'},
    ('sparkline', 'tz'): {'field': None, 'time': 'id'},
    ('split', 'into'): {'n': None},
    ('split', 'pattern'): {'separator': None, 'n': 2},
    ('unpivot', 'keep'): {'fields': None},
    ('window', 'gap'): {'size': None},
    ('window', 'records'): {'size': None, 'time': None},
    ('top', 'lowest'): {}, ('unsparsify', 'records'): {},
}


# What makes the fields that a filter takes by their names.
AHEAD = {
    'rejoin': [{'set': {'stream': 'k', 'message': 's',
                        'tag': 'if(length(s) > 2, "P", "F")', 'log': 's',
                        'partial': 'length(s) > 2'}}],
}

# An object is not of options here, but the value of this one.
WHOLE = {'where': 'condition', 'broadcast': 'branches'}


def values(of, option):
    """What `option` of the filter `of` is tried with."""
    return VALUES.get((of['name'], option['name'])) or by_type(option)


def bases(of):
    """What the filter is tried with where one option is looked at."""
    if of['name'] in BASES:
        return BASES[of['name']]
    return [{option['name']: values(of, option)[0]
             for option in of['options'] if values(of, option) and
             (option['required'] or option['main'])}]


def settings(of):
    """[(the option that is looked at, all options)]."""
    tried = [('', base) for base in bases(of)]
    for option in of['options']:
        name = option['name']
        base = {**bases(of)[0], **NEEDS.get((of['name'], name), {})}
        for value in values(of, option):
            tried.append((name, {
                key: value for key, value in {**base, name: value}.items()
                if value is not None}))
    seen, kept = set(), []
    for name, every in tried:
        text = json.dumps(every, sort_keys=True)
        if (name, text) not in seen:
            seen.add((name, text))
            kept.append((name, every))
    return kept


def mixtures(of, random, count):
    """Settings of several options at once, by chance."""
    options = [option for option in of['options'] if values(of, option)]
    for _ in range(count if len(options) > 1 else 0):
        every = dict(random.choice(bases(of)))
        for option in random.sample(options, min(len(options), 3)):
            every[option['name']] = random.choice(values(of, option))
        yield 'mixture', every
