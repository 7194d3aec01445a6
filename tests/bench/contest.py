# SPDX-License-Identifier: MIT
"""One job of jobs.py, run by cosend and by its peers in turns."""
import json
import os
import shlex
import shutil
import statistics
import subprocess
import time

from compare import difference
from peers import HEADLESS, PACKAGES

# Takes what is written, as /dev/null does; but GNU grep, which does less when
# its output is /dev/null, does not know it.
NOWHERE = '/dev/zero'

OURS = ('cosend -j1', 'cosend -j2')


class Mismatch(Exception):
    """A command failed, or wrote something else than cosend."""


class Places:
    """Where the programs, the data and the outputs are."""

    def __init__(self, build, data, out):
        self.build, self.data, self.out = build, data, out

    def program(self, name):
        return os.path.join(self.build, name)

    def input(self, job):
        return os.path.join(self.data, job.input)

    def expand(self, text, job, out):
        with open(os.path.join(self.data, 'words.txt')) as file:
            alternation = '|'.join(file.read().split())
        for word, value in (('INPUT', self.input(job)), ('OUT', out),
                            ('WORDS', alternation), ('DATA', self.data),
                            ('COSEND', self.program('cosend')),
                            ('FILTERS', self.program('tests/bench-filters'))):
            text = text.replace(word, value)
        return text


def measure(places, command, output):
    """The seconds and the peak of memory, in KiB, that a command took."""
    measured = subprocess.run(
        [places.program('tests/bench-measure'), output, *command],
        env=dict(os.environ, LC_ALL='C'), stdout=subprocess.PIPE, text=True)
    if measured.returncode != 0:
        raise Mismatch(f'could not run {shlex.join(command)}')
    status, seconds, peak = measured.stdout.split()
    if status != '0':
        raise Mismatch(f'status {status} from {shlex.join(command)}')
    return float(seconds), int(peak)


class Contestant:
    def __init__(self, places, job, name, command):
        self.places, self.job, self.name = places, job, name
        self.out = os.path.join(places.out, name.replace(' ', ''))
        self.command = [places.expand(word, job, self.out)
                        for word in shlex.split(command)]
        self.seconds, self.peaks = [], []

    def warm_up(self):
        """Run once, and leave what it writes in self.out."""
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)
        self.run(os.path.join(self.out, 'stdout'))

    def run(self, output):
        return measure(self.places, self.command, output)

    def take_time(self):
        seconds, peak = self.run(NOWHERE)
        self.seconds.append(seconds)
        self.peaks.append(peak)


class QueryContestant(Contestant):
    def __init__(self, places, job, threads, database):
        super().__init__(places, job, f'{database.name} {threads}', '')
        self.threads, self.database = threads, database

    def run(self, output):
        query = self.places.expand(self.job.query(self.database.name),
                                   self.job, self.out)
        return self.database.seconds(self.threads, self.job, query, output), 0


def our_command(job, threads):
    what = (f'run {os.path.join(os.path.dirname(__file__), job.pipeline)}'
            if job.pipeline.endswith('.json') else shlex.quote(job.pipeline))
    return f'{job.program} {what} INPUT {job.options} -j{threads}'


def contestants(places, job, found, databases):
    """Those for a job: cosend's two first. `found` are the peers that are
    there, and so are the databases."""
    everyone = [Contestant(places, job, name, our_command(job, threads))
                for threads, name in enumerate(OURS, 1)]
    everyone += [Contestant(places, job, name, command)
                 for name, command in job.peers.items()
                 if name in found or name not in PACKAGES]
    everyone += [QueryContestant(places, job, threads, database)
                 for database in databases if job.query(database.name)
                 for threads in (1, 2)]
    return everyone


def sequential(one):
    """The seconds in which no second thread could have worked, as cosend counts
    them; None where one thread read all."""
    with open(NOWHERE, 'w') as nowhere:
        done = subprocess.run([*one.command, '--stats=json', '--quiet'],
                              stdout=nowhere, stderr=subprocess.PIPE, text=True)
    steps = json.loads(done.stderr.splitlines()[-1])['steps']
    return steps[0].get('sequential_ns', 0) / 1e9 or None


def two_at_once(one):
    """The seconds of two processes, side by side, that do the same."""
    start = time.perf_counter()
    with open(NOWHERE, 'w') as nowhere:
        for process in [subprocess.Popen(one.command, stdout=nowhere)
                        for _ in range(2)]:
            process.wait()
    return time.perf_counter() - start


class Result:
    """The median seconds of each by name, and our peak KiB."""

    def __init__(self, job, everyone, floor, sequential, beside):
        self.job = job
        self.sequential = sequential   # seconds, the least; or None
        self.beside = beside           # of two processes at once
        self.seconds = {one.name: statistics.median(one.seconds)
                        for one in everyone}
        self.peaks = {one.name: max(one.peaks) for one in everyone[:2]}
        self.floor = floor   # of reading the input alone

    def ratio(self, name, peer):
        """How many times the peer's time, or None where it is not there."""
        if peer not in self.seconds:
            return None
        return self.seconds[name] / self.seconds[peer]


def contest(places, job, found, databases, runs):
    """Compare what everyone writes, then time all of them in turns.

    Raises Mismatch."""
    everyone = contestants(places, job, found, databases)
    reading = Contestant(places, job, 'read',
                         f"{places.program('tests/bench-read')} INPUT")
    for one in everyone:
        one.warm_up()
        why = one is not everyone[0] and difference(
            everyone[0].out, one.out, job.same, one.name in HEADLESS)
        if why:
            raise Mismatch(f'{job.name}: cosend -j1 and {one.name} differ: '
                           f'{why}')
    counted, beside = [], []
    for _ in range(runs):
        for one in [reading, *everyone]:
            one.take_time()
        beside.append(two_at_once(everyone[0]))
        counted.append(sequential(everyone[1]))
    return Result(job, everyone, statistics.median(reading.seconds),
                  min(filter(None, counted), default=None),
                  statistics.median(beside))
