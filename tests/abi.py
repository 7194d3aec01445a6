# SPDX-License-Identifier: MIT
"""The binary interface of the public headers, as text, and whether it still is
what a release had.

    python3 tests/abi.py describe [LIB]
    python3 tests/abi.py check FILE [LIB]

Declarations are read from the headers in LIB ("lib"), places and values are the
compiler's ($CC). A program that was compiled with the headers of FILE works with
these as long as COSEND_ABI is the same; what it would trip over is printed:

    functions and objects     stay, as they were declared
    enums, macros of numbers  keep their values
    structs                   keep their size, and each member its place; a word
                              of `reserved` may become a member
    structs with a size_t     may grow at the end, behind the padding: `size`
    size in front             has to tell whether a member is there
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def bare(text):
    """Without comments, with each logical line in one piece."""
    text = re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)
    return re.sub(r'\\\n', ' ', text)


def words(text):
    """In one line, with a space only where C wants one."""
    text = ' '.join(text.split())
    return re.sub(r' ?([(),*\[\]]) ?', r'\1', text)


def nameless(text):
    """A declaration without the names of its parameters, which may change."""
    head, bracket, rest = text.partition('(')
    rest = re.sub(r'\(\*\w+\)', '(*)', rest)
    rest = re.sub(r'(\*|\b\w+ )\w+(?=[,)\[])',
                  lambda found: found.group(1).rstrip(), rest)
    return head + bracket + rest


def statements(text):
    """What stands outside of braces: (head, body) up to a ; or a }."""
    head = body = ''
    depth = 0
    for c in text:
        if c == '}':
            depth -= 1
            if depth == 0 and re.match(r'\s*COSEND_INLINE\b', head):
                yield head.strip(), None
                head = body = ''
                continue
        if c == ';' and depth == 0:
            yield head.strip(), body or None
            head = body = ''
        elif depth:
            body += c
        elif c not in '{}':
            head += c
        if c == '{':
            depth += 1
            if depth == 1:
                head += ' '


def split(text, mark):
    """At a mark that is in no brackets."""
    part, depth = '', 0
    for c in text:
        depth += (c in '({[') - (c in ')}]')
        if c == mark and depth == 0:
            yield part
            part = ''
        else:
            part += c
    if part.strip():
        yield part


def members(body):
    """(name, declaration) of each, those of a union without a name too."""
    for text in split(body, ';'):
        inner = re.fullmatch(r'\s*(?:union|struct)\s*\{(.*)\}\s*', text, re.S)
        if inner:
            yield from members(inner.group(1))
            continue
        declarators = list(split(text, ','))
        first = declarators[0]
        name = re.search(r'\(\*\s*(\w+)\)|(\w+)\s*(?:\[[^\]]*\]\s*)*$', first)
        start = name.start()
        while start and first[start - 1] in '* ':
            start -= 1
        base = first[:start]
        for declarator in [first[start:]] + declarators[1:]:
            called = re.search(r'\(\*\s*(\w+)\)|(\w+)\s*(?:\[[^\]]*\]\s*)*$',
                               declarator)
            yield (called.group(1) or called.group(2),
                   words(base + ' ' + declarator))


def read(lib):
    """All declarations: functions and objects by name, structs, constants."""
    found = {'function': {}, 'object': {}, 'type': {}}
    structs, constants = {}, []
    for path in sorted(pathlib.Path(lib, 'cosend').glob('*.h')):
        text = bare(path.read_text())
        for name, value in re.findall(
                r'^#define (COSEND_\w+) +(.*\w.*)$', text, re.M):
            if re.fullmatch(r'[-+ ()<\w]*', value) and \
                    re.match(r'\(*-?[0-9(]|U?INT|SIZE', value) and \
                    not name.startswith('COSEND_VERSION'):
                constants.append(name)
        text = re.sub(r'^#ifdef __cplusplus\n.*?^#endif', '', text,
                      flags=re.M | re.S)
        text = re.sub(r'^#.*$', '', text, flags=re.M)
        for head, body in statements(text):
            struct = re.fullmatch(r'struct (\w+)', head)
            if body is not None and struct:
                structs[struct.group(1)] = list(members(body))
            elif body is not None and head.startswith('enum'):
                constants += re.findall(r'(?:^|,)\s*(COSEND_\w+)', body)
            elif head.startswith('typedef'):
                name = re.search(r'\(\*(\w+)\)|(\w+)$', head)
                found['type'][name.group(1) or name.group(2)] = words(head)
            elif re.match(r'COSEND_(API|INLINE)\b', head):
                said = re.sub(r'COSEND_(API|INLINE|PRINTF\([^)]*\))', '', head)
                name = re.search(r'(cosend_\w+)\s*(?=[(\[]|$)', said)
                kind = 'object' if 'extern' in said.split() else 'function'
                found[kind][name.group(1)] = nameless(words(said))
    return found, structs, constants


def measure(lib, structs, constants):
    """The compiler's places: a line each."""
    lines = ['#include "cosend.h"', '#include <stdio.h>',
             '#define AT(s, m) printf("member %s %s %zu %zu\\n", #s, #m, '
             'offsetof(struct s, m), sizeof(((struct s *)0)->m))',
             '#define OF(s) printf("struct %s %zu %zu\\n", #s, '
             'sizeof(struct s), _Alignof(struct s))',
             '#define IS(c) printf("constant %s %lld\\n", #c, (long long)(c))',
             'int main(void) {']
    for struct, rows in sorted(structs.items()):
        lines += ['OF(%s);' % struct]
        lines += ['AT(%s, %s);' % (struct, name) for name, _ in rows]
    lines += ['IS(%s);' % name for name in sorted(set(constants))] + ['}']
    with tempfile.TemporaryDirectory() as room:
        source, program = os.path.join(room, 'a.c'), os.path.join(room, 'a')
        pathlib.Path(source).write_text('\n'.join(lines))
        subprocess.run(os.environ.get('CC', 'cc').split() +
                       ['-std=c11', '-w', '-D_GNU_SOURCE', '-I', lib, '-o',
                        program, source], check=True)
        return subprocess.run([program], check=True, capture_output=True,
                              text=True).stdout.splitlines()


def describe(lib):
    """The interface, a line for each thing, in an order of its own."""
    found, structs, constants = read(lib)
    text = pathlib.Path(lib, 'cosend/version.h').read_text()
    yield 'abi ' + re.search(r'define COSEND_ABI +(\d+)', text).group(1)
    for kind, names in found.items():
        for name, said in sorted(names.items()):
            yield '%s %s: %s' % (kind, name, said)
    said = {(struct, name): text for struct, rows in structs.items()
            for name, text in rows}
    for line in measure(lib, structs, constants):
        kind, *rest = line.split()
        if kind == 'member':
            yield '  %s %s %s: %s' % (rest[2], rest[3], rest[1],
                                      said[rest[0], rest[1]])
        elif kind == 'struct':
            yield 'struct %s: %s bytes, aligned by %s' % tuple(rest)
        else:
            yield '%s %s: %s' % (kind, *rest)


def parse(lines):
    """{(kind, name): what}, where a struct is (head, [(at, size, name, text)])"""
    parsed = {}
    for line in lines:
        if line.startswith('  '):
            places, said = line.split(': ', 1)
            at, size, name = places.split()
            rows.append((int(at), int(size), name, said))
        elif line.startswith('struct '):
            name, head = line.split(' ', 1)[1].split(': ', 1)
            rows = []
            parsed['struct', name] = (head, rows)
        elif line.startswith('abi '):
            parsed['abi', ''] = line
        elif line.strip() and not line.startswith('#'):
            kind, rest = line.split(' ', 1)
            name, said = rest.split(': ', 1)
            parsed[kind, name] = said
    return parsed


def is_sized(rows):
    return bool(rows) and rows[0][3] == 'size_t size'


def compare_struct(old, new):
    """What a program that has the old one trips over."""
    (old_head, old_rows), (new_head, new_rows) = old, new
    sized = is_sized(old_rows)
    now = {row[2]: row for row in new_rows}
    size, new_size = (int(head.split()[0]) for head in (old_head, new_head))
    if old_head.split(', ')[1] != new_head.split(', ')[1]:
        yield 'is %s; it was %s' % (new_head, old_head)
    elif new_size != size and not (sized and new_size > size):
        yield 'has %d bytes; it had %d' % (new_size, size)
    spare = [row for row in old_rows if row[2] == 'reserved']
    for at, length, name, said in old_rows:
        if name == 'reserved':
            continue
        if name not in now:
            yield 'has no member %s any more' % name
        elif now[name] != (at, length, name, said):
            yield 'has "%s" at byte %d (%d bytes); it had "%s" at %d (%d)' % (
                now[name][3], now[name][0], now[name][1], said, at, length)
    had = {row[2] for row in old_rows}
    for at, length, name, said in new_rows:
        inside = any(at >= row[0] and at + length <= row[0] + row[1]
                     for row in spare)
        if name not in had and not inside and not (sized and at >= size):
            yield 'has a new member "%s" at byte %d, where nobody expects one' \
                % (said, at)


def compare(old, new):
    if old['abi', ''] != new['abi', '']:
        return
    for key, was in old.items():
        kind, name = key
        if key not in new:
            yield '%s %s is gone' % key
        elif kind == 'struct':
            for what in compare_struct(was, new[key]):
                yield 'struct %s %s' % (name, what)
        elif new[key] != was:
            yield '%s %s is "%s"; it was "%s"' % (kind, name, new[key], was)


def main(arguments):
    if arguments[:1] == ['describe']:
        lib = arguments[1] if len(arguments) > 1 else 'lib'
        print('\n'.join(describe(lib)))
        return 0
    lib = arguments[2] if len(arguments) > 2 else 'lib'
    old = parse(pathlib.Path(arguments[1]).read_text().splitlines())
    wrong = list(compare(old, parse(describe(lib))))
    print('\n'.join(wrong), end='\n' if wrong else '')
    return 1 if wrong else 0


sys.exit(main(sys.argv[1:]))
