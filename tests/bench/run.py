# SPDX-License-Identifier: MIT
"""`make bench`: cosend beside its peers. Settings, from the environment:

    BENCH_ROWS   records; 3000000
    BENCH_RUNS   runs of each command, after a warm-up; 5
    BENCH_JOBS   groups of jobs.py, by commas, and startup; all
    BENCH_LARGE  1: also memory at ten times the size, and linear growth from
                 1 to 30 million records; takes 30 GB of disk

The tables are printed, and written to build/bench/table.md. It fails where
outputs are not the same; what is due and missed is only said.
"""
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import jobs
import report
from contest import (Contestant, Mismatch, NOWHERE, OURS, Places, contest,
                     measure, our_command)
from peers import find_databases, find_peers

BUILD = sys.argv[1] if len(sys.argv) > 1 else 'build'
ROWS = int(os.environ.get('BENCH_ROWS') or 3_000_000)
RUNS = int(os.environ.get('BENCH_RUNS') or 5)
CHOICE = os.environ.get('BENCH_JOBS') or ''
LARGE = os.environ.get('BENCH_LARGE') == '1'

BENCH = os.path.join(BUILD, 'bench')
MOST_STARTUP = 5     # ms
SIZES = [1_000_000, 3_000_000, 10_000_000, 30_000_000]
SMALLEST = '{"cosend": 1, "steps": [{"grep": "ERROR"}]}'


def chosen(group):
    return not CHOICE or group in CHOICE.split(',')


# ---- Data -------------------------------------------------------------------

def generate(rows):
    """The folder of data of that many rows, made where it is not there."""
    source = os.path.join(os.path.dirname(__file__), 'generate.c')
    with open(source, 'rb') as file:
        stamp = hashlib.sha256(file.read()).hexdigest()[:8]
    folder = os.path.join(BENCH, f'{rows}-{stamp}')
    if not os.path.isdir(folder):
        print(f'Making {folder}', flush=True)
        partial = folder + '.partial'
        shutil.rmtree(partial, ignore_errors=True)
        os.makedirs(partial)
        subprocess.run([os.path.join(BUILD, 'tests/bench-generate'), partial,
                        str(rows)], check=True)
        os.rename(partial, folder)
    return folder


def places(rows, out):
    return Places(BUILD, generate(rows), out)


# ---- Beside the contests ----------------------------------------------------

def startup_ms(where):
    """The median time of the smallest spec on an empty input."""
    spec = os.path.join(BENCH, 'smallest.json')
    with open(spec, 'w') as file:
        file.write(SMALLEST)
    command = [where.program('cosend'), 'run', spec]
    return 1e3 * statistics.median(measure(where, command, NOWHERE)[0]
                                   for _ in range(50))


def peaks(where):
    """Peak KiB of each job whose memory is bounded, by what was run."""
    by_name = {}
    for job in jobs.JOBS:
        if not job.bounded or not chosen(job.group):
            continue
        for threads, name in enumerate(OURS, 1):
            one = Contestant(where, job, 'memory', our_command(job, threads))
            one.warm_up()
            one.take_time()
            by_name[f'{job.name}, {name}'] = one.peaks[0]
    return by_name


def nanoseconds(where, job, rows):
    one = Contestant(where, job, 'growth', our_command(job, 1))
    one.warm_up()
    for _ in range(RUNS):
        one.take_time()
    return statistics.median(one.seconds) / rows * 1e9


def large(out):
    """At each size what a record takes, and memory at the largest."""
    growing = [job for job in jobs.LINEAR if chosen(job.group)]
    costs = {job.name: [] for job in growing}
    for rows in SIZES:
        where = places(rows, out)
        for job in growing:
            costs[job.name].append(nanoseconds(where, job, rows))
        if rows == SIZES[-1]:
            memory = peaks(where)
        if rows != ROWS:
            shutil.rmtree(where.data)
    return costs, memory


# ---- All of it --------------------------------------------------------------

def contests(where, found, databases):
    results = []
    for job in jobs.JOBS:
        if chosen(job.group):
            print(job.name, flush=True)
            results.append(contest(where, job, found, databases, RUNS))
    return results


def tables(where, found, databases):
    """All that is reported, as Markdown, a piece a table."""
    results = contests(where, found, databases)
    dues = report.dues(results, ROWS)
    memory = {f'{result.job.name}, {name}': kib
              for result in results if result.job.bounded
              for name, kib in result.peaks.items()}
    dues += report.memory_dues(memory, ROWS)
    if chosen('startup'):
        dues.append(report.due_row('the smallest spec on no input',
                                   startup_ms(where), MOST_STARTUP, ' ms'))
    pieces = [report.machine(ROWS, RUNS, found, databases)]
    if LARGE:
        costs, memory = large(where.out)
        dues += report.memory_dues(memory, SIZES[-1])
    if results:
        pieces += [report.times(results), report.further(results),
                   report.scaling(results)]
    if LARGE:
        pieces.append(report.growth_table(SIZES, costs))
    return [*pieces, report.due_table(dues)]


def main():
    os.makedirs(BENCH, exist_ok=True)
    node = os.path.join(BENCH, 'node')
    found = find_peers(node)
    databases = find_databases(node)
    try:
        # Its own, so that a second bench beside this one cannot spoil it.
        with tempfile.TemporaryDirectory(prefix='out.', dir=BENCH) as out:
            text = '\n'.join(tables(places(ROWS, out), found, databases))
    except Mismatch as why:
        sys.exit(f'bench: {why}')
    finally:
        for database in databases:
            database.close()
    print('\n' + text)
    with open(os.path.join(BENCH, 'table.md'), 'w') as file:
        file.write(text)
    print(f'Written to {BENCH}/table.md')


main()
