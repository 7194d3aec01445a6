# SPDX-License-Identifier: MIT
"""What cosend makes of corpora that others made.

    run.py BUILD CORPORA COUNTS

Prints a table of the corpora that are there. A deviation must be explained in
tests/conformance/deviations, and what is explained there must deviate. COUNTS
becomes a file with `pass`, `fail` or `skip` in a line for each corpus.
"""
import os
import sys

import regexes
import texts

CORPORA = ['csv-spectrum', 'libcsv-tests', 'qsv-resources', 'json-test-suite',
           'regex-rust', 'lnav-logs', 'elastic-apache',
           'big-list-of-naughty-strings', 'nist-strd-univariate']


def read_deviations(path):
    """{(corpus, name): why}: a line that starts in the first column says why,
    and those below it, indented, what: CORPUS/NAME."""
    why, known = None, {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('#') or not line.strip():
                continue
            if not line.startswith(' '):
                why = line.strip()
                continue
            corpus, name = line.strip().split('/', 1)
            known[corpus, name] = why
    return known


def judge(corpus, results, known, counts):
    """Print a corpus' row of the table, and what is not explained."""
    explained = {name: why for (of, name), why in known.items()
                 if of == corpus}
    deviating = [name for name, passed in results.items() if not passed]
    complaints = [f'{corpus}/{name} deviates' for name in deviating
                  if name not in explained]
    complaints += [f'{corpus}/{name} is said to deviate, and does not'
                   for name in explained if name not in deviating]
    failed = sum(1 for name in deviating if name not in explained)
    print(f'{corpus:<28} {len(results) - len(deviating):>6} passed '
          f'{failed:>3} failed {len(deviating) - failed:>4} explained')
    for complaint in complaints:
        print(f'  {complaint}')
    print('fail' if complaints or not results else 'pass', file=counts)


def main():
    build, corpora, counts = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    known = read_deviations(os.path.join(here, 'deviations'))
    results = {corpus: {} for corpus in CORPORA}
    for check in (texts.formats, texts.packed, texts.logs,
                  texts.log_forms, texts.strings, texts.numbers, regexes.check):
        for corpus, name, passed in check(build, corpora):
            assert name not in results[corpus], name
            results[corpus][name] = passed
    with open(counts, 'a', encoding='utf-8') as file:
        for corpus in CORPORA:
            if os.path.isdir(os.path.join(corpora, corpus)):
                judge(corpus, results[corpus], known, file)
            else:
                print(f'{corpus:<28} not there')
                print('skip', file=file)


if __name__ == '__main__':
    main()
