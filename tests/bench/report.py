# SPDX-License-Identifier: MIT
"""The benchmark's tables, for the terminal and as Markdown."""
import statistics

from contest import OURS
from jobs import GREP_MEAN
from peers import PACKAGES, version

FIRST, SECOND = OURS

MOST_MEMORY = 32     # MiB, with two threads
LEAST_GAIN = 1.7     # of -j2, where ...
FULL_GAIN = 1.8      # ... two processes side by side gain as much; else in line


def seconds(value):
    return f'{value:.3f}'


def table(titles, rows):
    """A table of Markdown, with its columns aligned for people."""
    widths = [max(len(row[i]) for row in [titles, *rows])
              for i in range(len(titles))]
    lines = [titles, ['-' * width for width in widths], *rows]
    return '\n'.join(
        '| ' + ' | '.join(cell.ljust(width)
                          for cell, width in zip(line, widths)) + ' |'
        for line in lines) + '\n'


# ---- Times ------------------------------------------------------------------

def times(results):
    """A row a job: the seconds of everyone."""
    def peers(result):
        return ', '.join(f'{name} {seconds(value)}'
                         for name, value in result.seconds.items()
                         if name not in OURS)

    def best(result):
        others = [(value, name) for name, value in result.seconds.items()
                  if name not in OURS]
        if not others:
            return ''
        peer = min(others)[1]
        return (f'{result.ratio(FIRST, peer):.2f}, '
                f'{result.ratio(SECOND, peer):.2f} of {peer}')

    return table(['job', *OURS, 'peers', '-j1, -j2 to the fastest peer'],
                 [[result.job.name, seconds(result.seconds[FIRST]),
                   seconds(result.seconds[SECOND]), peers(result),
                   best(result)] for result in results])


# ---- Threads ----------------------------------------------------------------

def modelled(result, threads):
    """The seconds that so many threads would take: what is in sequence stays,
    and the rest is shared."""
    alone = result.sequential
    return alone + (result.seconds[FIRST] - alone) / threads


def scaling(results):
    """A row a job: what a second thread gains, and two processes side by side,
    and what more threads would, by what is done in sequence."""
    def row(result):
        first = result.seconds[FIRST]
        line = [result.job.name, seconds(first), seconds(result.seconds[SECOND]),
                f'{result.ratio(FIRST, SECOND):.2f}',
                f'{beside_gain(result):.2f}']
        if result.sequential is None:
            return line + ['one thread reads', '', '', '', '']
        return line + [f'{result.sequential * 1e3:.2f} ms',
                       f'{result.sequential / first:.1%}',
                       *(seconds(modelled(result, threads))
                         for threads in (4, 8, 16))]

    return table(['job', *OURS, '-j2 gains', 'two processes gain',
                  'in sequence', 'of -j1', '4 threads would take', '8', '16'],
                 [row(result) for result in results])


def beside_gain(result):
    """What two processes side by side gain over one after the other."""
    return 2 * result.seconds[FIRST] / result.beside


def gain_dues(result):
    """For what may be done in any number of threads."""
    if result.job.sequential is not None:
        share = min(1, beside_gain(result) / FULL_GAIN)
        yield due_row(f'{result.job.name}: -j2 gains',
                      result.ratio(FIRST, SECOND), LEAST_GAIN * share,
                      least=True)


def sequential_dues(result):
    if result.sequential is not None and result.job.sequential is not None:
        yield due_row(f'{result.job.name}: in sequence, of -j1',
                      result.sequential / result.seconds[FIRST],
                      result.job.sequential)


# ---- What is due ------------------------------------------------------------

def due_row(what, figure, bound, unit='', least=False):
    """A figure beside the most that it may be, or the least; None is not
    measured."""
    due = f"{'at least ' if least else ''}{bound:.3g}{unit}"
    if figure is None:
        return [what, '', due, 'not measured']
    met = figure >= bound if least else figure <= bound
    return [what, f'{figure:.3g}{unit}', due, 'met' if met else 'MISSED']


def ratio_dues(result):
    for peer, bounds in result.job.due.items():
        for name, most in zip(OURS, bounds):
            if most is not None:
                yield due_row(f'{result.job.name}: {name} to {peer}',
                              result.ratio(name, peer), most)


def over_dues(result, rows):
    """Nanoseconds a record over a peer."""
    for peer, most in result.job.over.items():
        cost = (result.seconds[FIRST] - result.seconds[peer]) / rows * 1e9
        what = f'{result.job.name}: a record more than {peer}'
        if most is None:
            yield [what, f'{cost:.3g} ns', '', 'reported']
        else:
            yield due_row(what, cost, most, ' ns')


def within_dues(result):
    if result.job.within is not None:
        yield due_row(f'{result.job.name}: {FIRST}', result.seconds[FIRST],
                      result.job.within, ' s')


def mean_dues(results):
    """The geometric means over all patterns of grep."""
    greps = [result for result in results if result.job.group == 'grep']
    for peer, bounds in GREP_MEAN.items() if greps else ():
        for name, most in zip(OURS, bounds):
            ratios = [result.ratio(name, peer) for result in greps]
            yield due_row(f'grep: geometric mean of {name} to {peer}',
                          None if None in ratios
                          else statistics.geometric_mean(ratios), most)


def memory_dues(peaks, rows):
    """Of the peaks in KiB by what was run, the highest."""
    if not peaks:
        return []
    kib, who = max((kib, who) for who, kib in peaks.items())
    return [due_row(f'peak memory at {rows:,} records, the highest: {who}',
                    kib / 1024, MOST_MEMORY, ' MiB')]


def dues(results, rows):
    lines = list(mean_dues(results))
    for result in results:
        lines += [*ratio_dues(result), *over_dues(result, rows),
                  *within_dues(result), *sequential_dues(result),
                  *gain_dues(result)]
    return lines


def due_table(lines):
    return table(['what', 'is', 'due', ''], lines)


# ---- The rest ---------------------------------------------------------------

def further(results):
    """A row a job: reading alone, and memory."""
    def mib(kib):
        return f'{kib / 1024:.1f}'

    def row(result):
        over = result.seconds[FIRST] / result.floor
        return [result.job.name, seconds(result.floor), f'{over:.1f}',
                mib(result.peaks[FIRST]), mib(result.peaks[SECOND])]

    return table(['job', 'read(2) alone', '-j1 to it', 'peak MiB -j1', '-j2'],
                 [row(result) for result in results])


def growth_table(sizes, costs):
    """Nanoseconds a record by the number of records; a row a job."""
    return table(['ns a record, -j1, at', *(f'{size:,}' for size in sizes)],
                 [[name, *(f'{cost:.1f}' for cost in by_size)]
                  for name, by_size in costs.items()])


def machine(rows, runs, found, databases):
    """A paragraph: where this was measured, and with which programs."""
    with open('/proc/cpuinfo') as file:
        models = [line.split(':', 1)[1].strip() for line in file
                  if line.startswith('model name')]
    programs = [f'{name} {version(name)}' for name in PACKAGES
                if name in found]
    programs += [f'{database.name} {database.version}'
                 for database in databases]
    return (f'{rows:,} records; the median of {runs} runs in seconds, by '
            f'turns, after a first one whose output was compared; files in '
            f"the system's cache. {len(models)} x "
            f"{models[0] if models else 'unknown processor'}. "
            f"{', '.join(programs)}.\n")
