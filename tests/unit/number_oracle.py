#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Doubles as 16 hexadecimal digits, and what ECMAScript prints for them.

usage: number_oracle.py COUNT SEED

The digits are those of Python's repr: the shortest, of those the nearest.
"""
import random
import struct
import sys


def ecmascript(value):
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    n = len(whole) + int(exponent or 0)
    digits = whole + fraction
    n -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    sign = "-" if value < 0 else ""
    if not digits:
        return "0"
    if len(digits) <= n <= 21:
        return sign + digits.ljust(n, "0")
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    point = "." if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{point}{digits[1:]}e{n - 1:+d}"


def doubles(count):
    for _ in range(count):
        kind = random.randrange(4)
        if kind == 0:
            yield struct.unpack("<d", random.randbytes(8))[0]
        elif kind == 1:
            yield random.randrange(10**6) / 10 ** random.randrange(6)
        elif kind == 2:
            yield random.uniform(-1000, 1000)
        else:
            text = f"{random.randrange(10**17)}e{random.randrange(-340, 309)}"
            yield float(text)


if __name__ == "__main__":
    random.seed(int(sys.argv[2]))
    for number in doubles(int(sys.argv[1])):
        if number - number == 0:
            print(struct.pack(">d", number).hex(), ecmascript(number))
