# SPDX-License-Identifier: MIT
"""Rows of verbs.py for filters of fields: patterns, replace, split, case."""
import base64
import hashlib
import hmac
import re
import socket

from verb_rows import Case, Row, as_miller, lines_of, to_csv

NAMES = ['id', 'start_time', 'end_time', 'a', 'a-b', 'b', 'x*', '!a', '#2',
         'A', 'n_1', 'n_2', '\u00e9', 'b c', '/a/', '2']
PLAIN = ['id', 'start_time', 'end_time', 'a', 'b', 'A', 'n_1', 'n_2', 'xyz']


def wide(rng, names):
    """A table of some of these columns, whose cells say where they are."""
    chosen = rng.sample(names, rng.randint(1, len(names)))
    rows = [[f'{name}{i}' for name in chosen]
            for i in range(rng.choice([0, 1, 3]))]
    return chosen, rows, to_csv([chosen] + rows)


# ---- Patterns of fields, by their description --------------------------------

def glob(pattern):
    return re.compile(''.join('.*' if c == '*' else '.' if c == '?'
                              else re.escape(c) for c in pattern), re.S)


def end_of(text, names, is_open, behind_number):
    if text == '':
        return is_open
    if text in names:
        return names.index(text)
    number = re.fullmatch(r'#(-?)(\d+)' if not behind_number
                          else r'#?(-?)(\d+)', text)
    if not number or int(number[2]) == 0:
        return None
    at = len(names) - int(number[2]) if number[1] else int(number[2]) - 1
    return at if 0 <= at < len(names) else None


def taken(item, names):
    """The columns that an item takes, without its !; [] where it takes none."""
    if item in names:
        return [item]
    if re.fullmatch(r'`.+`', item):
        return [item[1:-1]] if item[1:-1] in names else []
    pattern = re.fullmatch(r'/(.+)/(i?)', item)
    if pattern:
        flags = re.I if pattern[2] else 0
        return [n for n in names if re.search(pattern[1], n, flags)]
    if re.fullmatch(r'#-?\d+', item):
        at = end_of(item, names, None, False)
        return [] if at is None else [names[at]]
    if '*' in item or '?' in item:
        return [n for n in names if glob(item).fullmatch(n)]
    for dash in [i for i, c in enumerate(item) if c == '-']:
        if item[0] == '#' and dash == 0 or len(item) < 2:
            continue
        a = end_of(item[:dash], names, 0, False)
        b = end_of(item[dash + 1:], names, len(names) - 1, item[0] == '#')
        if a is not None and b is not None:
            return names[a:b + 1] if a <= b else names[b:a + 1][::-1]
    return []


def choose(items, names):
    """What a list takes, or None where an item takes nothing."""
    chosen = []
    for k, item in enumerate(items):
        exact = item in names
        negated = not exact and len(item) > 1 and item[0] == '!'
        found = taken(item[1:] if negated else item, names)
        if not found:
            return None
        if negated:
            if k == 0:
                chosen = list(names)
            chosen = [n for n in chosen if n not in found]
        else:
            chosen += [n for n in found if n not in chosen]
    return chosen


def an_item(rng, names):
    one, two = rng.choice(names), rng.choice(names)
    return rng.choice(['', '', '!']) + rng.choice(
        [one, '*_time', 'n_?', '*', '?', f'*{one[-1:]}', f'{one}-{two}',
         f'{one}-', f'-{two}', f'#{rng.randint(1, 9)}', f'#-{rng.randint(1, 4)}',
         f'#{rng.randint(1, 5)}-{rng.randint(1, 5)}',
         f'#2-#{rng.randint(1, 9)}', '/_/', '/^[a-n]/', '/A/i', f'`{one}`'])


def patterns(rng):
    names, rows, text = wide(rng, NAMES)
    verb = rng.choice(['select', 'drop', 'reorder', 'reorder last=true'])
    if len(names) == 1 and verb == 'drop':
        verb = 'select'
    wanted = None
    while not wanted:
        items = [an_item(rng, names) for _ in range(rng.randint(1, 3))]
        chosen = choose(items, names)
        if chosen is None or len(set(items)) < len(items):
            continue
        others = [n for n in names if n not in chosen]
        wanted = {'select': chosen, 'drop': others,
                  'reorder': chosen + others,
                  'reorder last=true': others + chosen}[verb]
    listed = ','.join(f'"{item}"' for item in items)
    return Case(f'{verb} {listed}', text,
                lambda: [wanted] + [[row[names.index(n)] for n in wanted]
                                    for row in rows])


def select_mlr(rng):
    names, _, text = wide(rng, PLAIN)
    pattern = rng.choice(['_time$', '^n_', '[aA]', '^.$', 'd'])
    if not any(re.search(pattern, name) for name in names):
        pattern = '.'
    away = rng.random() < 0.5 and \
        not all(re.search(pattern, name) for name in names)
    verb = 'drop' if away else 'select'
    return Case(f'{verb} "/{pattern}/"', text,
                ['mlr', '--csv', 'cut', '-r'] + (['-x'] if away else []) +
                ['-f', f'"{pattern}"'], same=as_miller)


# ---- replace -----------------------------------------------------------------

WORDS = ['foo', 'bar', 'foobar', 'a.b', '12', 'x1y22', '', 'aa', 'aaa', ' ',
         'Foo', 'b-b', '$1', '\\1', 'end']
REGEXES = [('a+', 'X'), ('[0-9]+', '<$0>'), ('(o)(b)', '$2$1'), ('^', '>'),
           ('$', '<'), ('b*', '.'), ('foo|bar', ''), ('(x)|(b)', '[$1]'),
           ('[^a-z]', '_'), ('o', '$$'), ('^foo', '-'), ('aa', 'a')]


def some_lines(rng):
    return ''.join(' '.join(rng.choice(WORDS)
                            for _ in range(rng.randint(0, 5))) + '\n'
                   for _ in range(rng.choice([0, 1, 4, 30])))


def replace_sed(rng):
    pattern, put = rng.choice(REGEXES)
    first = rng.random() < 0.3
    theirs = put.replace('$$', '\n').replace('$0', '&').replace('\n', '$')
    theirs = re.sub(r'\$(\d)', r'\\\1', theirs)
    return Case(f'replace "{pattern}" "{put}"' + (' first' if first else ''),
                some_lines(rng),
                ['sed', '-E', f's/{pattern}/{theirs}/' +
                 ('' if first else 'g')], args=['-f', 'text'], read=lines_of)


def replace_rg(rng):
    pattern, put = rng.choice(REGEXES)
    return Case(f'replace "{pattern}" "{put}"', some_lines(rng),
                ['rg', '--passthru', '-N', '--no-config', '-r', put, '-e',
                 pattern], args=['-f', 'text'], read=lines_of)


def replace_fixed(rng):
    old, new = rng.choice([w for w in WORDS if w]), rng.choice(WORDS)
    text = some_lines(rng)
    return Case(f'replace "{old}" "{new}" fixed'.replace('\\', '\\\\'), text,
                lambda: lines_of(text.replace(old, new)),
                args=['-f', 'text'], read=lines_of)


# ---- redact ------------------------------------------------------------------

L = '0-9A-Za-z\x80-\U0010ffff'


def card_number(rng, length):
    digits = [rng.randint(2, 6)] + [rng.randint(0, 9) for _ in range(length - 2)]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10))
                for i, d in enumerate(reversed(digits)))
    return ''.join(map(str, digits + [-total % 10]))


def is_right(digits):
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(doubled) + sum(int(d) for d in digits[::-2])) % 10 == 0


def card_at(text, at):
    for length in range(19, 12, -1):
        found = re.compile(rf'(?<![{L}])[2-6](?:[ -]?[0-9]){{{length - 1}}}'
                           rf'(?![{L}])').match(text, at)
        if found and is_right(re.sub('[ -]', '', found[0])):
            return found.end(), '[redacted]'
    return None


def cut(family, address, bits):
    size = 8 * len(address)
    number = int.from_bytes(address, 'big') >> (size - bits) << (size - bits)
    return socket.inet_ntop(family, number.to_bytes(size // 8, 'big'))


def ipv6_at(text, at):
    found = re.compile(rf'(?<![{L}_])[0-9A-Fa-f:.]+').match(text, at)
    run = found[0] if found and len(found[0]) <= 64 else ''
    while re.search('[0-9A-Fa-f]', run):
        behind = text[at + len(run):at + len(run) + 1]
        try:
            address = socket.inet_pton(socket.AF_INET6, run)
        except OSError:
            if run[-1] not in ':.':
                break
            run = run[:-1]
            continue
        if re.match(f'[{L}_]', behind):
            break
        mapped = address[:12] == b'\0' * 10 + b'\xff\xff'
        return at + len(run), cut(socket.AF_INET6, address,
                                  96 + 24 if mapped else 48)
    return None


def ipv4_at(text, at):
    found = re.compile(r'(?<![0-9])(?<![0-9]\.)([0-9]{1,3})\.([0-9]{1,3})\.'
                       r'([0-9]{1,3})\.([0-9]{1,3})(?![0-9]|\.[0-9])'
                       ).match(text, at)
    if not found or any(int(part) > 255 for part in found.groups()):
        return None
    return found.end(), cut(socket.AF_INET,
                            bytes(int(part) for part in found.groups()), 24)


def domain_at(text, at):
    found = re.compile(rf'@[{L}][{L}-]*(?:\.[{L}][{L}-]*)*').match(text, at)
    names = found[0].split('.') if found else []
    while names and names[-1][:1].isdigit():
        names.pop()
    return at + len('.'.join(names)) if len(names) > 1 else None


def redacted(text):
    out, done, at = '', 0, 0
    while at < len(text):
        taken, start = None, at
        for kind in card_at, ipv6_at, ipv4_at:
            taken = taken or kind(text, at)
        if not taken and text[at] == '@' and domain_at(text, at):
            local = re.search(rf"[{L}._%+'-]+$", text[done:at])
            if local:
                start = at - len(local[0])
                taken = domain_at(text, at), '[redacted]'
        if not taken:
            at += 1
            continue
        out += text[done:start] + taken[1]
        done = at = taken[0]
    return out + text[done:]


def redact_model(rng):
    def part():
        digits = card_number(rng, rng.randint(12, 20))
        return rng.choice([
            digits, digits[:4] + '-' + digits[4:8] + ' ' + digits[8:],
            str(rng.randint(1, 10 ** rng.randint(1, 20))), 'a', 'be', '\u00e9',
            '.'.join(str(rng.randint(0, 300)) for _ in range(rng.choice([3, 4]))),
            rng.choice(['192.0.2.7', '::1', '2001:db8::a:1', 'fe80::1', '1:2:3',
                        '::ffff:198.51.100.9', '1:2:3:4:5:6:7:8', '0:0::']),
            'ada', 'x.y', 'x-1', 'ex.org', '@', '.', ':', ' ', '-', '_', ', '])

    lines = [''.join(part() + rng.choice(['', ' ', '', '.', '@', ' '])
                     for _ in range(rng.randint(0, 9)))
             for _ in range(rng.choice([1, 5, 30]))]
    text = ''.join(line + '\n' for line in lines)
    return Case('redact card,mail,ip', text,
                lambda: lines_of(''.join(redacted(line) + '\n'
                                         for line in lines)),
                args=['-f', 'text'], read=lines_of)


# ---- hash --------------------------------------------------------------------

def hash_model(rng):
    """Texts of all lengths around a block, with keys of all such lengths."""
    algorithm = rng.choice(['sha256', 'sha512', 'sha1', 'md5'])
    key = ''.join(rng.choice('kx_1') for _ in range(
        rng.choice([0, 1, 20, 63, 64, 65, 127, 128, 129, 300])))
    rows = [[''.join(rng.choice('aB\u00e9 ,"') for _ in range(
                rng.choice([0, 1, 5, 55, 56, 63, 64, 65, 111, 128, 129, 500]))),
             str(i)] for i in range(rng.choice([1, 5, 30]))]
    encoding, length = rng.choice(['hex', 'base64']), rng.randint(1, 24)

    def digest(cell):
        data = cell.encode()
        made = hmac.new(key.encode(), data, algorithm) if key \
            else hashlib.new(algorithm, data)
        text = made.hexdigest() if encoding == 'hex' \
            else base64.b64encode(made.digest()).decode()
        return text[:length] if cell else ''
    return Case(f'hash k {algorithm} encoding={encoding} length={length}' +
                (f' key={key}' if key else ''), to_csv([['k', 'i']] + rows),
                lambda: [['k', 'i']] + [[digest(k), i] for k, i in rows])


# ---- case, split -------------------------------------------------------------

LETTERS = ['ab', 'aB cD', "o'neil", '\u00e9T\u00c9', '', 'x y z', '3RD', 'z']


def case_model(rng):
    names = ['Ab', 'cD', 'e']
    rows = [[rng.choice(LETTERS) for _ in names]
            for _ in range(rng.choice([1, 3]))]
    to, change = rng.choice([('upper', str.upper), ('lower', str.lower)])
    text = to_csv([names] + rows)
    if rng.random() < 0.3:
        return Case(f'case {to} of=names', text,
                    lambda: [[change(name) for name in names]] + rows)
    chosen = rng.sample(names, rng.randint(1, 3))
    return Case(f'case {to} {",".join(chosen)}', text,
                lambda: [names] + [[change(cell) if name in chosen else cell
                                    for name, cell in zip(names, row)]
                                   for row in rows])


def split_model(rng):
    rows = [[rng.choice(['a;b', 'a', '', ';', 'a;;b;c', 'a;b;c;d', 'q"r;s']),
             rng.choice(WORDS)] for _ in range(rng.choice([1, 3, 20]))]
    count = rng.randint(1, 4)

    def wanted():
        parts = [row[0].split(';', count - 1) for row in rows]
        return [['v'] + [f'k_{i + 1}' for i in range(count)]] + \
            [[row[1]] + (part + [''] * count)[:count]
             for row, part in zip(rows, parts)]
    how = rng.choice([';', 'pattern=;', 'pattern="[;]"'])
    how = '";"' if how == ';' else how
    return Case(f'split k {how} n={count}', to_csv([['k', 'v']] + rows),
                wanted)


FIELDS = [
    Row('fields by patterns', None, patterns),
    Row('select, drop beside Miller', 'mlr', select_mlr),
    Row('replace beside sed', 'sed', replace_sed),
    Row('replace beside ripgrep', 'rg', replace_rg),
    Row('replace fixed', None, replace_fixed),
    Row('redact', None, redact_model),
    Row('hash', None, hash_model),
    Row('case', None, case_model),
    Row('split', None, split_model),
]
