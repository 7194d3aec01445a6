# SPDX-License-Identifier: MIT
"""The tests of Rust's regex: do patterns compile, match, and where first?

Rust's patterns are UTF-8 and ours are bytes by default, so the tests' own
setting, or theirs by default, is said. What has no counterpart is left out:
searches of a part of the text, line ends other than LF, sets of patterns. Of
all matches, or the shortest, only whether there is one is compared.
"""
import glob
import os
import subprocess
import tomllib


def read_tests(folder):
    """(name, test), the name with its file's before it."""
    for path in sorted(glob.glob(os.path.join(folder, '**', '*.toml'),
                                 recursive=True)):
        group = os.path.splitext(os.path.basename(path))[0]
        with open(path, 'rb') as file:
            for test in tomllib.load(file)['test']:
                yield f'{group}/{test["name"]}', test


def is_ours(test):
    return (isinstance(test['regex'], str) and 'bounds' not in test and
            'line-terminator' not in test)


def unescape(text):
    """The escapes of a test that says `unescape`: \\n, \\xFF and such."""
    return text.encode('utf-8').decode('unicode_escape').encode('latin-1')


def haystack(test):
    text = test['haystack']
    return unescape(text) if test.get('unescape') else text.encode('utf-8')


def expected(test):
    """error, none, some, or where the first match is: 'FROM TO'."""
    if not test.get('compiles', True):
        return 'error'
    if not test['matches']:
        return 'none'
    if (test.get('match-kind', 'leftmost-first') == 'all' or
            test.get('search-kind', 'leftmost') != 'leftmost'):
        return 'some'
    first = test['matches'][0]
    if isinstance(first, dict):
        first = first.get('span') or first['spans'][0]
    if isinstance(first[0], list):
        first = first[0]
    return f'{first[0]} {first[1]}'


def question(test, form):
    flags = (('u' if test.get('unicode', True) else '') +
             ('i' if test.get('case-insensitive') else ''))
    # The newline ends what may be a comment.
    pattern = form.format(test['regex']).encode('utf-8')
    return f'{flags or "-"} x{pattern.hex()} x{haystack(test).hex()}\n'


def ask(build, tests, form):
    questions = ''.join(question(test, form) for test in tests)
    return subprocess.run([f'{build}/tests/conformance-regex'],
                          input=questions, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def check(build, corpora):
    tests = [(name, test) for name, test in
             read_tests(os.path.join(corpora, 'regex-rust')) if is_ours(test)]
    only = [test for _, test in tests]
    anchored = [test.get('anchored', False) for test in only]
    plain = ask(build, only, '{}')
    named = ask(build, only, '(?<all>{})')
    bound = ask(build, only, '\\A(?<all>{})')
    for (name, test), at_start, bare, free, tied in zip(
            tests, anchored, plain, named, bound, strict=True):
        due, is_ = expected(test), tied if at_start else free
        if due == 'some':
            passed = is_ not in ('error', 'none', 'limit', 'differ')
        else:
            passed = is_ == due
        yield 'regex-rust', name, passed and (bare == 'error') == (
            due == 'error') and bare != 'differ'
