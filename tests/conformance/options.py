# SPDX-License-Identifier: MIT
"""Every filter in each of its options, over tables that are not clean.

    options.py COSEND SHIM [FILTER...]

What a run prints, rejects, counts and returns is the same for any number of
threads, batch size and cut of the input, whatever stands before the step, and
whether a snapshot was asked for in between. Nothing is lost on the way under
any `on_error`. The filters and options are those of `cosend help --json`: one
that is new is tried without a word here, and one that no value is known for is
said. A difference is explained in tests/conformance/deviations.
"""
import collections
import concurrent.futures
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

import option_values
from run import read_deviations

COSEND, SHIM = (os.path.abspath(path) for path in sys.argv[1:3])
ENVIRONMENT = {'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'TZ': 'UTC0',
               'COSEND_BLOCK': '64'}

MODES = [('-j2', ['-j2'], {}),
         ('-j3, batch size 7', ['-j3', '--batch-size', '7'], {}),
         ('batch size 1', ['-j1', '--batch-size', '1'], {}),
         ('short reads', ['-j1'], {'LD_PRELOAD': SHIM,
                                   'COSEND_FAIL': 'read:SHORT:3'})]

# These pass every record that is not bad, each as one.
ONE_TO_ONE = ['case', 'convert', 'drop', 'enumerate', 'fill', 'flatten',
              'format', 'hash', 'origin', 'pass', 'redact', 'rename',
              'reorder', 'replace', 'running', 'select', 'set', 'split',
              'tap', 'unflatten']

# What is bad to these, and what becomes of it, they say themselves.
OWN_ERRORS = ['expect']

# What is the same, with the counts of the step itself, whatever is before it.
AS_ONE = ['status', 'out', 'results', 'steps']

Run = collections.namedtuple('Run', 'status out rejects told steps results '
                             'balanced')


def furnish(room, spec):
    """What a run needs in its folder."""
    with open(os.path.join(room, 'spec'), 'w') as file:
        json.dump(spec, file)
    for name in 't.csv', 'p.txt':
        os.symlink('../' + name, os.path.join(room, name))


def run(folder, spec, table, extra, more):
    """Run a spec, a dict, over a table in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as room:
        furnish(room, spec)
        command = [COSEND, 'run', 'spec', '--stats=json', '--results',
                   '--rejects', 'rejects', *extra]
        if table:
            command += ['-t', 'jsonl', '../' + table]
        done = subprocess.run(command, cwd=room, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60,
                              env={**ENVIRONMENT, **more})
        rejects = b''
        if os.path.exists(os.path.join(room, 'rejects')):
            with open(os.path.join(room, 'rejects'), 'rb') as file:
                rejects = file.read()
    return account(done.returncode, done.stdout, rejects, done.stderr)


def account(status, out, rejects, errors):
    """What a run left: its standard error is taken apart."""
    told, steps, results, balanced = [], [], '', True
    for line in errors.decode('utf-8', 'replace').split('\n'):
        if line.startswith('{"steps":'):
            ledger = json.loads(line)
            steps, balanced = ledger['steps'], ledger['balanced']
            for step in steps:
                for key in [key for key in step if key.endswith('ns')]:
                    del step[key]
        elif line.startswith('{'):
            results = line
        elif line:
            told.append(line.split('; the first have ')[0])
    return Run(status, out, rejects, told, steps, results, balanced)


def early(made, table):
    """Whether a stage ended early: what is before it may then run on."""
    return bool(made.steps) and (
        any(step['unread'] for step in made.steps) or
        made.steps[0]['bytes'] != len(option_values.FILES[table]))


def same(made, other, table, parts=None):
    """What differs between two runs that are to be the same, or nothing."""
    if early(made, table) or early(other, table):
        parts = ['status', 'out']
    elif made.status:
        parts = ['status', 'out', 'told']
    for part in parts or Run._fields:
        one, two = getattr(made, part), getattr(other, part)
        if part == 'steps' and parts:
            one, two = step_of(made), step_of(other)
        if one != two:
            return '%s: %r\n      %r' % (part, one, two)
    return None


def step_of(made):
    return next((step for step in made.steps if step['id'] == 'it'), None)


class Walk:
    """What was found: complaints by name, and which options were taken."""

    def __init__(self, folder):
        self.folder = folder
        self.runs = 0
        self.lock = threading.Lock()
        self.complaints = collections.defaultdict(list)
        self.taken = set()

    def run(self, spec, table, extra=('-j1',), more=()):
        with self.lock:
            self.runs += 1
        return run(self.folder, spec, table, extra, dict(more))

    def modes(self, say, spec, table, plain, options=(), modes=MODES):
        for mode, extra, more in modes:
            other = self.run(spec, table, [*extra, *options], more)
            difference = same(plain, other, table)
            if difference:
                say(mode, difference)
            if not other.balanced:
                say(mode, 'the ledger does not balance: %r' % other.steps)

    def errors(self, say, name, spec, table, plain):
        """Under skip as under reject, and under fail up to the first."""
        if plain.status or early(plain, table) or name in OWN_ERRORS:
            return
        bad = sum(step['rejected'] for step in plain.steps)
        if plain.rejects.count(b'\n') != bad:
            say('rejects', '%d counted, %r' % (bad, plain.rejects))
        step = step_of(plain)
        if name in ONE_TO_ONE and step and plain.status == 0 and \
                step['in'] != step['out'] + step['rejected']:
            say('lost', '%r' % step)
        for step in plain.steps:
            if step['in'] + step['created'] != sum(
                    step[key] for key in ('out', 'dropped', 'absorbed',
                                          'skipped', 'rejected', 'unread',
                                          'held')):
                say('ledger', '%r' % step)
        skip = self.run(spec, table, ['-j1', '--on-error', 'skip'])
        if (skip.out, skip.status, skip.results) != (
                plain.out, plain.status, plain.results):
            say('skip', '%.400r and %.400r' % (plain, skip))
        for step, skipped in zip(plain.steps, skip.steps):
            skipped = {**skipped, 'rejected': skipped['skipped'] +
                       skipped['rejected'], 'skipped': 0}
            if step != skipped:
                say('skip', '%r and %r' % (step, skipped))
        extra = ['-j1', '--on-error', 'fail']
        fail = self.run(spec, table, extra)
        if fail.status != 3 if bad else fail.out != plain.out:
            say('fail', '%.400r and %.400r' % (plain, fail))
        if bad:
            self.modes(lambda mode, text: say('fail, ' + mode, text),
                       spec, table, fail, extra[1:], MODES[1:3])

    def before(self, say, spec, table, plain):
        """Behind a step that changes nothing."""
        for ahead in ['pass', 'where true'], ['set zz = 1', 'drop zz']:
            other = self.run({**spec, 'steps': ahead + spec['steps']}, table)
            difference = same(plain, other, table, AS_ONE)
            if difference:
                say('behind ' + ' | '.join(ahead), difference)

    def snapshot(self, say, spec, table):
        """What there is at half, and then the rest: the end is the same."""
        data = option_values.FILES[table]
        half = data.index(b'\n', len(data) // 2) + 1
        with tempfile.TemporaryDirectory(dir=self.folder) as room:
            paths = [os.path.join(room, name) for name in ('half', 'all')]
            for path, text in zip(paths, (data[:half], data)):
                with open(path, 'wb') as file:
                    file.write(text)
            name = os.path.relpath(room, self.folder)
            kind = table.split('.')[1].replace('txt', 'text')
            first, whole = (self.run(spec, '%s/%s' % (name, part),
                                     ['-j1', '-f', kind])
                            for part in ('half', 'all'))
        if first.status or whole.status or early(whole, table):
            return
        halfway, refused = interrupted(self.folder, spec, kind, data, half,
                                       first.steps[0]['out'])
        with self.lock:
            self.runs += 1
        if halfway is None or refused:
            if halfway != whole.out:
                say('snapshot', '%r and %r' % (halfway, whole.out))
            return
        out = halfway[len(first.out):]
        ahead = whole.out[:len(whole.out) - len(out)]
        if halfway != first.out + out or whole.out != ahead + out or \
                not first.out.startswith(ahead):
            say('snapshot', '%r, half of it %r and all %r' % (
                halfway, first.out, whole.out))

    def filter(self, of):
        """One filter, in all its options, and in mixtures of them."""
        chance = random.Random(of['name'])
        for option, every in option_values.settings(of):
            self.setting(of['name'], option, every, option_values.TABLES)
        for option, every in option_values.mixtures(of, chance, 12):
            self.setting(of['name'], option, every, option_values.DIRTY)

    def setting(self, name, option, every, tables):
        for table in tables:
            say = say_of(self, name, option, every, table)
            whole = option_values.WHOLE.get(name)
            spec = {'cosend': 1, 'steps': [
                *option_values.AHEAD.get(name, []),
                {'id': 'it', name: every[whole] if whole else every}]}
            plain = self.run(spec, table)
            if not plain.out and not plain.told and not plain.rejects and \
                    plain.status:
                say('silent', 'status %d' % plain.status)
            if plain.status == 2:
                continue
            self.taken.add((name, option))
            self.modes(say, spec, table, plain, modes=MODES[
                :len(MODES) if table not in option_values.BARE else 1])
            self.errors(say, name, spec, table, plain)
            if table in option_values.DIRTY:
                self.before(say, spec, table, plain)
                self.snapshot(say, spec, table)
            if table == 'plain.csv':
                self.formats(say, spec, plain)

    def formats(self, say, spec, plain):
        """The same records read from JSON lines."""
        other = self.run(spec, 'plain.jsonl')
        if not early(plain, 'plain.csv'):
            difference = same(plain, other, 'plain.jsonl', AS_ONE)
            if difference:
                say('as JSON lines', difference)


def interrupted(folder, spec, kind, data, half, records):
    """What is printed if a snapshot is asked for behind data[:half], which is
    so many records, and whether there can be none. None: it did not come."""
    shown = {'tee': [{'stderr': {'format': 'jsonl'}}]}
    with tempfile.TemporaryDirectory(dir=folder) as room:
        furnish(room, {**spec, 'steps': [shown] + spec['steps']})

        def told():
            with open(os.path.join(room, 'errors'), 'rb') as file:
                return file.read()

        def wait(what):
            for _ in range(4000):
                if what(b'\n' + told()):
                    return True
                time.sleep(0.002)
            return False

        with open(os.path.join(room, 'out'), 'wb') as out, \
                open(os.path.join(room, 'errors'), 'wb') as errors:
            process = subprocess.Popen(
                [COSEND, 'run', 'spec', '-f', kind, '-t', 'jsonl', '-j1'],
                cwd=room, stdin=subprocess.PIPE, stdout=out, stderr=errors,
                env=ENVIRONMENT)
        with process.stdin as pipe:
            pipe.write(data[:half])
            pipe.flush()
            seen = wait(lambda told: told.count(b'\n{') >= records)
            process.send_signal(signal.SIGUSR1)
            seen = seen and wait(lambda told: b'\nstdout ' in told)
            pipe.write(data[half:])
        process.wait(timeout=60)
        with open(os.path.join(room, 'out'), 'rb') as file:
            return file.read() if seen else None, b'no snapshot' in told()


def say_of(walk, name, option, every, table):
    """A function that complains of one setting over one table."""
    def say(what, text):
        with walk.lock:
            walk.complaints['%s %s: %s' % (name, option, what)].append(
                '%s %s: %s' % (json.dumps(every), table, text))
    return say


def judge(walk, filters, known):
    """Print what is not explained; whether there is any."""
    wrong = 0
    found = walk.complaints
    for of in filters:
        for option in of['options']:
            if (of['name'], option['name']) not in walk.taken:
                found['%s %s: never taken' % (of['name'], option['name'])] \
                    .append('no value of it runs; see option_values.py')
    for name in sorted(found):
        if name not in known:
            print('%s (%d times)\n    %s' % (
                name, len(found[name]), found[name][0]))
            wrong += 1
    for name in known:
        if name not in found and name.split()[0] in [
                of['name'] for of in filters]:
            print('%s is said to deviate, and does not' % name)
            wrong += 1
    print('%d filters, %d options, %d runs, %d explained, %d wrong' % (
        len(filters), sum(len(of['options']) for of in filters), walk.runs,
        len(known), wrong))
    return wrong > 0


def main():
    described = json.loads(subprocess.run(
        [COSEND, 'help', '--json'], capture_output=True, check=True).stdout)
    filters = [of for of in described if of['role'] == 'filter' and
               (of['name'] in sys.argv[3:] or not sys.argv[3:])]
    here = os.path.dirname(os.path.abspath(__file__))
    known = [name for corpus, name in
             read_deviations(os.path.join(here, 'deviations'))
             if corpus == 'options']
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, data in option_values.FILES.items():
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(data)
        walk = Walk(folder)
        for done in [pool.submit(walk.filter, of) for of in filters]:
            done.result()
    return judge(walk, filters, known)


if __name__ == '__main__':
    sys.exit(main())
