# SPDX-License-Identifier: MIT
"""Corpora that are read by the program, or by conformance/formats.c."""
import csv
import io
import json
import os
import re
import subprocess
import tempfile

BOM = b'\xef\xbb\xbf'
# As POSIX has them, and PCRE2.
PATTERNS = ['error', '[0-9]+[.][0-9]', '^[^ ]+ - ', '(GET|POST|Sep)', 'a.*b.*c']


def cosend(build, arguments, text=None):
    """What the program prints, or None where its status is not 0."""
    done = subprocess.run([f'{build}/cosend', '--quiet', *arguments],
                          input=text, capture_output=True, check=False)
    return None if done.returncode else done.stdout


def files(folder):
    for parent, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            yield os.path.join(parent, name)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def formats(build, corpora):
    """Formats by their judges, libcsv and jansson."""
    done = subprocess.run([f'{build}/tests/conformance-formats', corpora],
                          capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        name, _, result = line.rpartition(' ')
        yield *name.split('/', 1), result == 'passed'


def packed(build, corpora):
    """What is compressed is what it is compressed from."""
    folder = os.path.join(corpora, 'qsv-resources', 'resources', 'test')
    if not os.path.isdir(folder):
        return
    due = read(os.path.join(folder, 'boston311-100.csv'))
    for end in ('gz', 'multimember.gz', 'zst', 'zlib'):
        path = os.path.join(folder, f'boston311-100.csv.{end}')
        yield ('qsv-resources', os.path.basename(path),
               cosend(build, ['-f', 'csv', 'head 100000', path]) == due)


def lines_of(text):
    """As lines of text are written again: each with its line end."""
    text = text.removeprefix(BOM)
    return text + b'\n' if text and not text.endswith(b'\n') else text


def as_grep(build, path, text, threads):
    for pattern in PATTERNS:
        due = subprocess.run(['grep', '-aE', pattern], input=text, check=False,
                             capture_output=True,
                             env={**os.environ, 'LC_ALL': 'C'}).stdout
        if cosend(build, ['-f', 'text', threads, f"grep '{pattern}'",
                          path]) != due:
            return False
    return True


def log_passes(build, path):
    """Lines pass unchanged, are counted, and are found as grep finds them; by
    one thread and by three."""
    text = lines_of(read(path))
    count = [b'{"count":%d}' % text.count(b'\n')]
    for threads in ('-j1', '-j3'):
        if (cosend(build, ['-f', 'text', threads, "grep ''", path]) != text or
                cosend(build, ['-f', 'text', '-t', 'jsonl', threads, 'count',
                               path]).split() != count or
                not as_grep(build, path, text, threads)):
            return False
    return True


# The steps that take a log's lines apart.
FORMS = {
    'combined': ['access_log.0', 'access_log.1', 'access_log_dupe.0'],
    'w3c': ['w3c.0', 'w3c.1', 'w3c.2', 'w3c.3', 'w3c.4', 'w3c.5', 'w3c.6',
            'w3c_big.0'],
    'logfmt': ['logfmt.0', 'grafana.0'],
    'glog': ['glog.0'],
    'uwsgi': ['uwsgi.0'],
    'haproxy': ['haproxy.0'],
    'syslog': ['syslog.0', 'syslog.1', 'syslog.2', 'syslog.3', 'for_join.0',
               'filter.0', 'partitions.0'],
    'postgres': ['postgres.0', 'postgres.2'],
    'caddy': ['caddy_log.1'],
    'json': ['json.json', 'json2.json', 'bunyan.0', 'pino.0', 'mongodb.0',
             'nextcloud.0', 'cloudflare.json'],
    'log4j': ['spark.0'],
    'mysql_error': ['mysql_error.0'],
    'timed': ['vpxd.0', 'with_zones.0', 'ts_value.0', 'strace_log.0',
              'epoch.0'],
    'postgres behind multiline': ['postgres.1'],
    'mysql_slow behind multiline': ['mysql_slow.0'],
    'log4j behind multiline java': ['java.0'],
}


def form_passes(build, form, path):
    """Whether all of a log's lines are of the form."""
    form, _, preset = form.partition(' behind ')
    steps = [f'parse {form}', 'count']
    if preset:
        steps.insert(0, preset if ' ' in preset else f'multiline {form}')
    with tempfile.NamedTemporaryFile() as rejects:
        counted = cosend(build, ['-f', 'text', '-t', 'jsonl', '--rejects',
                                 rejects.name, ' | '.join(steps), path])
        return counted is not None and not os.path.getsize(rejects.name)


def log_forms(build, corpora):
    folder = os.path.join(corpora, 'lnav-logs', 'test')
    if not os.path.isdir(folder):
        return
    for form, names in FORMS.items():
        for name in names:
            yield ('lnav-logs', f'{name}:{form}', form_passes(
                build, form, os.path.join(folder, f'logfile_{name}')))


def logs(build, corpora):
    for corpus in ('lnav-logs', 'elastic-apache'):
        root = os.path.join(corpora, corpus)
        for path in files(root):
            name = os.path.relpath(path, root)
            if name.startswith(('SOURCE', 'LICENSE')):
                continue
            yield corpus, f'{name}:lines', log_passes(build, path)
    path = os.path.join(corpora, 'elastic-apache', 'apache_logs')
    if os.path.exists(path):
        yield 'elastic-apache', 'combined', combined_passes(build, path)


def combined_passes(build, path):
    """Every line that is whole is parsed, and its status is what an expression
    finds."""
    rows = cosend(build, ['-f', 'text', '-t', 'csv',
                          'parse combined | select host,status', path])
    if rows is None:
        return False
    due = [[line.split(' ')[0], re.search(r'" (\d{3}) ', line)[1]]
           for line in read(path).decode('latin-1').split('\n')
           if line.endswith('"')]
    return list(csv.reader(io.StringIO(rows.decode('latin-1'))))[1:] == due


def strings(build, corpora):
    """Any string goes through JSON and CSV and back, and is found by itself."""
    folder = os.path.join(corpora, 'big-list-of-naughty-strings')
    if not os.path.isdir(folder):
        return
    corpus = os.path.basename(folder)
    texts = json.loads(read(os.path.join(folder, 'blns.json')))
    rows = ''.join(json.dumps({'n': i, 's': s}) + '\n'
                   for i, s in enumerate(texts)).encode()
    table = cosend(build, ['-f', 'jsonl', '-t', 'csv', 'select n,s'], rows)
    again = cosend(build, ['-f', 'csv', '-t', 'jsonl', 'select n,s'], table)
    back = [json.loads(line)['s'] for line in (again or b'').splitlines()]
    lines = read(os.path.join(folder, 'blns.txt'))
    with tempfile.TemporaryDirectory() as scratch:
        for i, text in enumerate(texts):
            yield (corpus, f'{i}:round trip',
                   len(back) == len(texts) and back[i] == text)
            yield (corpus, f'{i}:found',
                   finds(build, scratch, text.encode(), lines))


def finds(build, scratch, text, lines):
    path = os.path.join(scratch, 'spec.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({'cosend': 1, 'steps': [{'grep': {
            'pattern': text.decode().replace('$', '$$'), 'fixed': True}}]},
            file)
    due = b''.join(line + b'\n' for line in lines.split(b'\n')[:-1]
                   if text in line.removesuffix(b'\r'))
    return cosend(build, ['run', path], lines) == due


def numbers(build, corpora):
    """The certified means and deviations, to their last digit."""
    for path in files(os.path.join(corpora, 'nist-strd-univariate')):
        name = os.path.basename(path)
        if name == 'SOURCE.txt':
            continue
        text = read(path).decode()
        certified = float(re.search(r'(?m)(?:ybar:|^mean +=) *(\S+)', text)[1])
        spread = float(re.search(
            r'(?m)(?:\) +s:|^standardDeviation +=) *(\S+)', text)[1])
        # Those lines that are a number; a space in it would make it text.
        data = ''.join(f'{line.strip()}\n' for line in text.splitlines()
                       if re.fullmatch(r' *-?[0-9.]+ *', line)).encode()
        for threads in ('-j1', '-j3'):
            row = cosend(build, ['-f', 'text', '-t', 'jsonl', threads,
                                 'average'], data)
            mean = json.loads(row)['average'] if row else None
            yield ('nist-strd-univariate', f'{name}:{threads}',
                   mean is not None and f'{mean:.15g}' == f'{certified:.15g}')
            row = cosend(build, ['-f', 'text', '-t', 'jsonl', threads,
                                 'aggregate sd=stddev(line)'], data)
            sd = json.loads(row)['sd'] if row else None
            yield ('nist-strd-univariate', f'{name}:{threads}:stddev',
                   sd is not None and f'{sd:.15g}' == f'{spread:.15g}')
