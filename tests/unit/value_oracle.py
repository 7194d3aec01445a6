#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pairs of numbers, and their order as exact fractions.

usage: value_oracle.py COUNT SEED

A line is two numbers and -1, 0 or 1. A number is a cell's text, or `d` and the
16 hexadecimal digits of a computed double, which stands for what it is printed
as, and from 2**53 on for itself.
"""
import random
import struct
import sys
from decimal import Decimal
from fractions import Fraction

EDGES = [0, 1, -1, 2**53, 2**53 + 1, 2**53 - 1, 2**63 - 1, 2**63, -(2**63),
         -(2**63) - 1, 2**64, 10**15, 10**19, 10**22, 10**23]


def cell():
    kind = random.randrange(8)
    sign = random.choice(["", "-", "+"])
    if kind == 0:
        return str(random.choice(EDGES) + random.randrange(-2, 3))
    if kind == 1:
        return f"{random.choice(EDGES)}.{random.choice(['0', '5', '00', '01'])}"
    if kind == 2:
        return sign + str(random.randrange(100)) + "." + str(
            random.randrange(1000))
    if kind == 3:
        return repr(random.uniform(-10, 10))
    if kind == 4:
        digits = random.randrange(10 ** random.randrange(1, 26))
        return f"{sign}{digits}e{random.randrange(-320, 280)}"
    if kind == 5:
        digits = str(random.randrange(10 ** random.randrange(14, 19)))
        place = random.randrange(len(digits) + 1)
        return sign + digits[:place] + "." + digits[place:]
    if kind == 6:
        return "0.1" + "0" * random.randrange(20) + random.choice("01")
    return sign + "0" * random.randrange(3) + str(random.randrange(20))


def double():
    kind = random.randrange(4)
    if kind == 0:
        number = struct.unpack("<d", random.randbytes(8))[0]
        number = number if number - number == 0 else 0.5
    elif kind == 1:
        number = float(random.choice(EDGES)) * random.choice([1, 1 + 2**-52])
    elif kind == 2:
        number = random.randrange(100) / 10
    else:
        number = 0.1 + random.randrange(3) * 2**-56
    return number


def beside(text):
    """A number near that one: one more digit, another last digit, its double."""
    kind = random.randrange(4)
    if kind == 0:
        return text
    if kind == 1 and "e" not in text and "." in text:
        return text + random.choice("019")
    number = float(text)
    if kind == 2 and number - number == 0:
        return number
    return text.replace("5", "6", 1)


def shown(number):
    if isinstance(number, str):
        return number, Fraction(Decimal(number))
    exact = Fraction(number) if abs(number) >= 2**53 else Fraction(
        Decimal(repr(number)))
    return "d" + struct.pack(">d", number).hex(), exact


if __name__ == "__main__":
    random.seed(int(sys.argv[2]))
    for _ in range(int(sys.argv[1])):
        left = cell()
        right = random.choice([cell, double, lambda: beside(left)])()
        left, left_exact = shown(left)
        right, right_exact = shown(right)
        order = (left_exact > right_exact) - (left_exact < right_exact)
        print(left, right, order)
