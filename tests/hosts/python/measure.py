# SPDX-License-Identifier: MIT
"""What a record costs in Python, beside what ctypes itself costs: process time,
the least of seven rounds in which all ways take turns, in nanoseconds a record
and as times a callback that does nothing.

    PYTHONPATH=PREFIX/share/cosend python3 measure.py
"""
import collections
import ctypes
import time

import cosend

ROUNDS, RECORDS = 7, 200_000
ONCE = b"host,ms,path\n"
DATA = ONCE + b"".join(b"host%d,%d,/a/page/%d\n" % (i % 11, i % 9973, i)
                       for i in range(RECORDS))


class Item(ctypes.Structure):
    """struct cosend_item; the rest of it is the library's."""
    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32),
                ("cell", cosend._Cell), ("rest", ctypes.c_uint64 * 16)]


EACH = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
next_item = cosend._declare("next_item", "bppp")


def by_callback(function):
    """Have the library call that for each record, without this module's
    classes."""
    each = EACH(function)
    options = cosend._Options(size=ctypes.sizeof(cosend._Options), push=True,
                              input_format=cosend.FORMATS["csv"],
                              record=ctypes.cast(each, ctypes.c_void_p))
    pipeline = cosend._from_line(b"pass", ctypes.byref(options), None)
    if cosend._open(pipeline, None) or \
            cosend._push(pipeline, DATA, len(DATA), None) or \
            cosend._finish(pipeline, None):
        raise SystemExit("it failed")
    cosend._free(pipeline)


def dict_of(record, _):
    item, made = Item(), {}
    at = ctypes.byref(item)
    while next_item(record, at, None):
        made[ctypes.string_at(item.name, item.name_length).decode()] = \
            ctypes.string_at(item.cell.data, item.cell.length).decode()
    return 0


def exhaust(ways):
    with cosend.Pipeline("pass", format="csv") as pipeline:
        collections.deque(ways(pipeline), maxlen=0)


def column(pipeline):
    for batch in pipeline.batches(pieces=[DATA]):
        yield from batch.text("host")


WAYS = {
    "a callback that does nothing": lambda: by_callback(lambda record, _: 0),
    "a callback that makes a dict": lambda: by_callback(dict_of),
    "read: dicts": lambda: exhaust(lambda of: of.read(pieces=[DATA])),
    "rows: tuples": lambda: exhaust(lambda of: of.rows(pieces=[DATA])),
    "rows: tuples of one column": lambda: exhaust(
        lambda of: of.rows(pieces=[DATA], columns=["host"])),
    "batches: one column as text": lambda: exhaust(column),
    "batches, and no look at them": lambda: exhaust(
        lambda of: of.batches(pieces=[DATA])),
}


def main():
    least = dict.fromkeys(WAYS, float("inf"))
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            began = time.process_time()
            way()
            least[name] = min(least[name], time.process_time() - began)
    base = least["a callback that does nothing"]
    for name, took in least.items():
        print("%-32s %6.0f ns %6.2f" % (name, took / RECORDS * 1e9,
                                        took / base))


main()
