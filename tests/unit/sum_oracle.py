#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sums of cells, by fractions: total, count, mean, then the cells, by spaces.

usage: sum_oracle.py COUNT SEED

The rules are those of cosend/group.h.
"""
import random
import re
import sys
from fractions import Fraction

from number_oracle import ecmascript


def exact(text):
    """What a cell adds, and whether that is what it says."""
    value = Fraction(text)
    if re.fullmatch(r"[-+]?\d+(\.0*)?|[-+]?\.0+", text):
        return value, True
    scaled = value * 10**9
    if scaled.denominator == 1 and abs(value) < 10**18:
        digits = str(abs(scaled.numerator)).rstrip("0")
        if value.denominator == 1 or len(digits) <= 18:
            return value, True
    return Fraction(float(text)), False


def cell():
    kind = random.randrange(12)
    sign = random.choice(("", "", "-", "+"))
    if kind < 3:
        return sign + str(random.randrange(10 ** random.randrange(1, 20)))
    if kind < 6:
        places = random.randrange(1, 12)
        return f"{sign}{random.randrange(10**6)}.{random.randrange(10**places):0{places}}"
    if kind == 6:
        return sign + str(random.randrange(10 ** random.randrange(18, 60)))
    if kind == 7:
        return f"{sign}{random.randrange(10**5)}e{random.randrange(-12, 20)}"
    if kind == 8:
        return f"{sign}{random.randrange(10**17)}e{random.randrange(-345, 285)}"
    if kind == 9:
        return random.choice(("0", "-0.0", "5e-324", "1e16", "-1e16", "1e300",
                              "-1e300", "0.1", "1" + "0" * 300, "9" * 19,
                              "1.7976931348623157e308", ".5", "7.",
                              "00000000000000000000000000.5000000000000000000",
                              "2.2250738585072011e-308", "1e18", "1e17"))
    if kind == 10:
        return f"{sign}{random.random()!r}"
    return f"{sign}{random.randrange(10**18)}.{random.randrange(10**9):09}"


def case():
    pool = [cell() for _ in range(random.choice((1, 2, 3, 8, 40, 300)))]
    kind = random.randrange(3)
    if kind == 0:
        return pool
    if kind == 1:  # one kind of cell, as columns have it
        shape = len(pool[0]) > 18 or "e" in pool[0]
        return [c for c in pool if (len(c) > 18 or "e" in c) == shape]
    cancelled = pool[1:] + [c[1:] if c[0] == "-" else "-" + c.lstrip("+")
                            for c in pool]
    random.shuffle(cancelled)
    return cancelled


def total_text(total, plain):
    if plain and total.denominator == 1:
        return str(total.numerator)
    try:
        return ecmascript(float(total))
    except OverflowError:
        return str(int(total))


random.seed(int(sys.argv[2]))
for _ in range(int(sys.argv[1])):
    cells = case()
    if not cells:
        continue
    parts = [exact(c) for c in cells]
    total = sum(value for value, _ in parts)
    count = random.choice((len(cells), len(cells), 1, 3, 10**12 + 39, 2**64 - 1))
    try:
        mean = float(total / count).hex()
    except OverflowError:
        mean = "inf" if total > 0 else "-inf"
    print(total_text(total, all(plain for _, plain in parts)), count, mean, *cells)
