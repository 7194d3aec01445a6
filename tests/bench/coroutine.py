# SPDX-License-Identifier: MIT
"""What a send to a CPython generator costs, in nanoseconds: one line each for
a plain one, and for one behind `yield from` once, ten and a hundred times."""
import time


def echo():
    value = None
    while True:
        value = yield value


def delegate(sub):
    yield from sub


def cost(depth, count=200_000):
    """One measurement: of the loop that sends, and of the loop alone."""
    generator = echo()
    for _ in range(depth):
        generator = delegate(generator)
    next(generator)
    send = generator.send
    turns = range(count)
    start = time.perf_counter_ns()
    for turn in turns:
        send(turn)
    loop = time.perf_counter_ns()
    for turn in turns:
        pass
    empty = time.perf_counter_ns() - loop
    return (loop - start) / count, empty / count


# The least of each by itself: a slow empty loop must not make sends look cheap.
for depth in 0, 1, 10, 100:
    sending, empty = zip(*(cost(depth, 200_000 // (1 + depth // 10))
                           for _ in range(7)))
    print(min(sending) - min(empty))
