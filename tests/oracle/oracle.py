# SPDX-License-Identifier: MIT
"""Random coroutine programs, and what CPython makes of them.

    oracle.py programs N SEED       N programs, for tests/oracle/interpret
    oracle.py traces N SEED         what they do when CPython runs them
    oracle.py compare CPYTHON OURS  compare two files of traces

A program is a few coroutines and a sequence of next, send, throw and close. In
a trace every resumption and its outcome, every value received and every error
caught is a line.

Where cosend differs on purpose, and nowhere else, this file knows it:
- close answers the value returned, as CPython does from 3.13 on (rule 30): the
  bodies here remember what they return, so that older ones answer it too;
- StopIteration cannot be thrown (rule 26), so no program does;
- DONE is no error (rules 45 and 46): no `except` here catches StopIteration.
That another thread is always refused (rule 43) needs no thought: there is none.
A context is compared in every other program. Those are quiet: where an error
may be handled, nothing is yielded and nobody resumed. For a resumer's handled
error is a context in CPython and is not here (rule 50); and an error is none
any more once a yield has answered with a value (cosend_handled).

A program that throws into a coroutine that is running and delegating, or into
one that delegates to such, is left out of the comparison: CPython 3.11 refuses
the throw, as it should (rule 40), but has by then lost the delegate.
"""
import inspect
import random
import re
import sys

MASKS = ["E", "E", "G", "B", "1", "2", "3"]


class Generator:
    """Writes one program as nested lists: [operation, argument...]."""

    def __init__(self, rng, quiet):
        self.rng = rng
        self.quiet = quiet
        self.hushed = 0  # blocks of a quiet program that handle errors
        self.count = rng.randint(1, 4)
        self.errors = 0

    def program(self):
        bodies = [self.block(3, False) for _ in range(self.count)]
        calls = [self.call() for _ in range(self.rng.randint(3, 14))]
        return bodies, calls

    def error(self):
        self.errors += 1
        return [self.rng.randint(1, 3), self.errors]

    def thrown(self):
        error = self.error()
        if self.rng.random() < 0.2:
            error[0] = 0  # GeneratorExit
        return error

    def value(self):
        return self.rng.randint(0, 9)

    def call(self):
        one = self.rng.randrange(self.count)
        kind = self.rng.choices(
            ["next", "send", "throw", "close"], [5, 5, 3, 2])[0]
        if kind == "send":
            return [kind, one, self.value()]
        if kind == "throw":
            return [kind, one] + self.thrown()
        return [kind, one]

    def block(self, depth, handling):
        return [self.statement(depth, handling)
                for _ in range(self.rng.randint(1, 4))]

    def hushed_block(self, depth, handling):
        self.hushed += 1
        block = self.block(depth, handling)
        self.hushed -= 1
        return block

    def statement(self, depth, handling):
        rng = self.rng
        simple = ["yield", "return", "raise", "from", "delegate", "call",
                  "must", "reraise"]
        nested = ["try", "finally", "loop"]
        loud = not (self.quiet and self.hushed)
        kind = rng.choices(simple + nested, [30 * loud, 3, 4, 2, 8 * loud,
                                             8 * (not self.quiet),
                                             4 * (not self.quiet),
                                             6 if handling else 0,
                                             16 if depth else 0,
                                             10 if depth else 0,
                                             4 if depth else 0])[0]
        if kind == "yield" or kind == "return":
            return [kind, self.value()]
        if kind == "raise":
            return [kind] + self.thrown()
        if kind == "from":
            return [kind] + self.error() + self.error()
        if kind == "delegate":
            return [kind, rng.randrange(self.count)]
        if kind == "call":
            return self.call()
        if kind == "must":
            return [kind, rng.randrange(self.count), self.value()]
        if kind == "try":
            return [kind, rng.choice(MASKS), self.block(depth - 1, handling),
                    self.hushed_block(depth - 1, True)]
        if kind == "finally":
            # A bare raise in a finally could mean a StopIteration.
            return [kind, self.block(depth - 1, handling),
                    self.hushed_block(depth - 1, False)]
        if kind == "loop":
            return [kind, rng.randint(2, 3), self.block(depth - 1, handling)]
        return [kind]


def programs(count, seed):
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        yield number, Generator(rng, number % 2 == 1).program()


def as_text(part):
    if isinstance(part, list) and (not part or isinstance(part[0], list)):
        return "{ " + " ".join(as_text(each) for each in part) + " }"
    if isinstance(part, list):
        return " ".join(as_text(each) for each in part)
    return str(part)


# ---- Running them in CPython ----------------------------------------------


class Error(Exception):
    kind = 0


ERRORS = [GeneratorExit] + [
    type(f"Error{kind}", (Error,), {"kind": kind}) for kind in (1, 2, 3)]


def make(kind, number):
    return ERRORS[kind](f"m{number}")


def own_name(error):
    text = str(error)
    if isinstance(error, Error):
        one = f"E{error.kind}:{text}"
    elif isinstance(error, GeneratorExit):
        one = "EXIT"
    elif isinstance(error, StopIteration):
        one = "STOP"
    elif "just-started" in text:
        one = "UNPRIMED"
    elif "already executing" in text:
        one = "RUNNING"
    elif "ignored GeneratorExit" in text:
        one = "IGNORED_EXIT"
    elif "raised StopIteration" in text:
        one = "STOP_LEAK"
    else:
        one = repr(error)
    return one


def name(error):
    if error.__cause__ is not None:
        return own_name(error) + " from " + name(error.__cause__)
    if error.__context__ is not None:
        return own_name(error) + " in " + own_name(error.__context__)
    return own_name(error)


def loses_delegate(target):
    while inspect.isgenerator(target):
        if target.gi_running and target.gi_yieldfrom is not None:
            return True
        target = target.gi_yieldfrom
    return False


class Run:
    """The world that a program's coroutines live in."""

    def __init__(self, bodies):
        self.lines = []
        self.undefined = False
        self.returned = [0] * len(bodies)
        self.coroutines = []
        for one, body in enumerate(bodies):
            source = [f"def body({', '.join(['run', 'make', 'note'])}):",
                      " G = run.coroutines",
                      " try:"]
            compile_block(body, one, "  ", source)
            source += ["  if 0: yield",
                       " except BaseException:",
                       f"  run.returned[{one}] = 0",
                       "  raise"]
            scope = {"ERRORS": ERRORS, "name": name}
            exec("\n".join(source), scope)
            self.coroutines.append(scope["body"](self, make, self.note))

    def note(self, *words):
        self.lines.append(" ".join(map(str, words)))

    def returns(self, one, value):
        self.returned[one] = value
        return value or None

    def outcome(self, kind, one, arguments):
        target = self.coroutines[one]
        if kind == "throw" and loses_delegate(target):
            self.undefined = True
        try:
            if kind == "next":
                return f"yield {next(target) or 0}"
            if kind == "send":
                return f"yield {target.send(arguments[0] or None) or 0}"
            if kind == "throw":
                return f"yield {target.throw(make(*arguments)) or 0}"
            self.returned[one] = 0
            live = target.gi_frame is not None
            target.close()
            return f"ok {self.returned[one] if live else 0}"
        except StopIteration as stop:
            return f"done {stop.value or 0}"
        except BaseException as error:
            return name(error)

    def call(self, who, kind, one, *arguments):
        outcome = self.outcome(kind, one, arguments)
        state = inspect.getgeneratorstate(self.coroutines[one])[4:]
        self.note(who, kind, one, *arguments, "->", outcome, state)


def compile_block(block, me, indent, source):
    for statement in block:
        compile_statement(statement, me, indent, source)


def compile_statement(statement, me, indent, source):
    kind, *rest = statement
    deeper = indent + " "

    def line(text, more=""):
        source.append(indent + more + text)

    if kind == "yield":
        line(f"note({me}, 'got', (yield {rest[0] or None}) or 0)")
    elif kind == "return":
        line(f"note({me}, 'returns', {rest[0]})")
        line(f"return run.returns({me}, {rest[0]})")
    elif kind == "raise":
        line(f"raise make({rest[0]}, {rest[1]})")
    elif kind == "from":
        line(f"raise make({rest[0]}, {rest[1]}) "
             f"from make({rest[2]}, {rest[3]})")
    elif kind == "reraise":
        line("raise")
    elif kind == "delegate":
        line(f"note({me}, 'result', (yield from G[{rest[0]}]) or 0)")
    elif kind == "must":
        line(f"note({me}, 'must', G[{rest[0]}].send({rest[1] or None}) or 0)")
    elif kind == "try":
        mask = {"E": "Exception", "G": "GeneratorExit",
                "B": "BaseException"}.get(rest[0], f"ERRORS[{rest[0]}]")
        line("try:")
        compile_block(rest[1], me, deeper, source)
        line("except StopIteration: raise")
        line(f"except {mask} as caught:")
        line(f"note({me}, 'caught', name(caught))", " ")
        compile_block(rest[2], me, deeper, source)
    elif kind == "finally":
        line("try:")
        compile_block(rest[0], me, deeper, source)
        line("finally:")
        line(f"note({me}, 'finally')", " ")
        compile_block(rest[1], me, deeper, source)
    elif kind == "loop":
        line(f"for turn in range({rest[0]}):")
        compile_block(rest[1], me, deeper, source)
    else:
        line(f"run.call({me}, {kind!r}, {', '.join(map(str, rest))})")


def trace(bodies, calls):
    run = Run(bodies)
    for call in calls:
        run.call("main", *call)
    lines = run.lines
    run.lines = []
    return ["undefined"] if run.undefined else lines


# ---- Comparing -------------------------------------------------------------


def read_traces(path):
    traces = {}
    with open(path) as file:
        for line in file:
            if line.startswith("program "):
                lines = traces.setdefault(line.strip(), [])
                quiet = int(line.split()[1]) % 2 == 1
            else:
                lines.append(line.rstrip() if quiet
                             else re.sub(r" in \S+", "", line.rstrip()))
    return traces


def compare(cpython, ours):
    everything, actual = read_traces(cpython), read_traces(ours)
    expected = {program: lines for program, lines in everything.items()
                if lines != ["undefined"]}
    different = [program for program in expected
                 if expected[program] != actual.get(program)]
    for program in different[:3]:
        print(program, "differs")
        got = actual.get(program, [])
        for number, line in enumerate(expected[program] + [None]):
            mine = got[number] if number < len(got) else None
            if line != mine:
                print("  CPython:", line)
                print("  cosend: ", mine)
                break
            print("          ", line)
    print(f"{len(expected) - len(different)} passed, {len(different)} failed "
          f"({len(everything) - len(expected)} left out)")
    return 1 if different or not expected else 0


def main():
    what, first, second = sys.argv[1:]
    sys.unraisablehook = lambda _: None
    if what == "compare":
        return compare(first, second)
    for number, (bodies, calls) in programs(int(first), second):
        print("program", number)
        if what == "programs":
            print("\n".join("body " + as_text(body) for body in bodies))
            print("\n".join(as_text(call) for call in calls))
            print("end")
        else:
            print("\n".join(trace(bodies, calls)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
