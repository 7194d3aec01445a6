# SPDX-License-Identifier: MIT
"""Pipelines of cosend from Python 3.9 or later, by ctypes and nothing else.

    import cosend

    with cosend.Pipeline("where 'ms >= 6' | average ms by=host") as pipeline:
        for row in pipeline.read("requests.csv"):
            print(row["host"], row["average"])

Records come as dicts; what is text in the library is str here, and what is a
number there (computed, or read from JSON) is int or float. `rows` gives tuples,
which cost less, `batches` gives columns, `run` leaves writing to the library,
too, and `push` takes bytes as they come.

The shared object is sought in $COSEND_LIBRARY, beside this file's prefix
(PREFIX/share/cosend/cosend.py: PREFIX/lib), and where the system looks.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import json
import os
import re
import sys
import threading
import weakref
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_bool, c_char,
                    c_char_p, c_int, c_size_t, c_uint, c_uint8, c_uint32,
                    c_uint64, c_void_p, sizeof)
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple

__all__ = ["Pipeline", "Batch", "Reject", "Error", "STOP", "version"]

OK, YIELD, DONE = range(3)
E_USER = -1000
ABSENT, NULL, TEXT, NUMBER, BOOL, NESTED = range(6)
FORMATS = {name: i for i, name in enumerate(
    "auto text csv tsv jsonl json ltsv logfmt xtab columns nidx table "
    "markdown template".split())}
ON_ERROR = {None: 0, "reject": 1, "skip": 2, "fail": 3}

STOP = object()
"""What the callback of `run` returns that wants no more batches: the pipeline
ends as by head."""


def _load() -> ctypes.CDLL:
    here = os.path.dirname(os.path.abspath(__file__))
    lib = os.path.join(here, "..", "..", "lib")
    names = ["libcosend.so"]
    try:
        names += sorted(name for name in os.listdir(lib)
                        if name.startswith("libcosend.so."))
    except OSError:
        pass
    tried = [os.environ.get("COSEND_LIBRARY")]
    tried += [os.path.join(lib, name) for name in names]
    tried += ["libcosend.so", "libcosend.so.1", "libcosend.so.0"]
    for name in tried:
        if not name or (os.sep in name and not os.path.exists(name)):
            continue
        try:
            return ctypes.CDLL(name)
        except OSError:
            if name == tried[0]:
                raise
    raise ImportError("there is no libcosend.so; set COSEND_LIBRARY to it")


_lib = _load()

# ---- The structs of cosend/base.h, pipeline.h and taker.h -------------------


class _Cause(Structure):
    _fields_ = [("kind", c_int), ("raised_from", c_bool),
                ("message", c_char * 118), ("id", c_uint64)]


class _Error(Structure):
    _fields_ = [("kind", c_int), ("causes", c_uint), ("line", c_uint64),
                ("column", c_uint64), ("offset", c_uint64),
                ("step", c_char * 64), ("source", c_char * 256),
                ("message", c_char * 512), ("cause", _Cause * 4),
                ("omitted", c_uint), ("id", c_uint64),
                ("reserved", c_size_t * 4)]


class _Cell(Structure):
    _fields_ = [("data", c_void_p), ("length", c_uint32), ("kind", c_int)]


class _Bytes(Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t),
                ("capacity", c_size_t), ("failed", c_bool)]


class _Parameter(Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p)]


class _Problem(Structure):
    _fields_ = [("name", c_char_p), ("line", c_uint), ("column", c_uint),
                ("path", c_char_p), ("text", c_char_p)]


class _Reject(Structure):
    _fields_ = [("size", c_size_t), ("source", c_char_p), ("line", c_uint64),
                ("offset", c_uint64), ("step", c_char_p), ("kind", c_char_p),
                ("reason", c_char_p), ("raw", c_void_p),
                ("raw_length", c_size_t), ("fields", c_char_p),
                ("truncated", c_bool)]


_TAKE = CFUNCTYPE(c_int, c_void_p, c_void_p)
_PROBLEM = CFUNCTYPE(None, POINTER(_Problem), c_void_p)
_WARNING = CFUNCTYPE(None, c_char_p, c_void_p)
_REJECT = CFUNCTYPE(c_int, POINTER(_Reject), c_void_p)


class _Taker(Structure):
    _fields_ = [("size", c_size_t), ("schema", c_void_p), ("batch", _TAKE),
                ("snapshot", c_void_p), ("context", c_void_p)]


class _Options(Structure):
    _fields_ = [
        ("size", c_size_t), ("name", c_char_p),
        ("parameters", POINTER(_Parameter)), ("parameter_count", c_size_t),
        ("no_environment", c_bool), ("input_format", c_int),
        ("output_format", c_int), ("output_numbers", c_int),
        ("output_template", c_char_p), ("output_path", c_char_p),
        ("rejects_path", c_char_p), ("files", POINTER(c_char_p)),
        ("file_count", c_size_t), ("follow", c_bool), ("follow_last", c_bool),
        ("tell_skipped", c_bool), ("last_records", c_uint64),
        ("watch", c_bool), ("color", c_bool), ("on_error", c_int),
        ("max_errors", c_uint64), ("limit_errors", c_bool),
        ("batch_size", c_uint32), ("threads", c_uint32), ("quiet", c_bool),
        ("allow_comments", c_bool), ("push", c_bool), ("only_check", c_bool),
        ("problem", _PROBLEM), ("warning", _WARNING), ("record", c_void_p),
        ("context", c_void_p), ("since", c_char_p), ("until", c_char_p),
        ("time_field", c_char_p), ("tz", c_char_p),
        ("skip_records", c_uint64), ("taker", POINTER(_Taker)),
        ("reject", _REJECT)]


_COUNTS = ("in", "created", "out", "dropped", "absorbed", "skipped",
           "rejected", "unread", "held", "bytes", "ns")


class _Ledger(Structure):
    _fields_ = [("size", c_size_t), ("id", c_char_p), ("filter", c_char_p),
                *((name, c_uint64) for name in _COUNTS),
                ("note", c_char_p), ("replaced", c_uint64),
                ("sequential", c_uint64), ("passed_over", c_uint64),
                ("untimed_kept", c_uint64), ("untimed_dropped", c_uint64),
                ("bad_kind", c_char_p)]


class _Position(Structure):
    _fields_ = [("size", c_size_t), ("files", c_uint64), ("taken", c_uint64),
                ("done", c_uint64), ("held", c_uint64)]


_TYPES = {"p": c_void_p, "s": c_char_p, "n": c_size_t, "i": c_int,
          "q": c_uint64, "u": c_uint32, "b": c_bool, "-": None}


def _declare(name: str, signature: str) -> Any:
    """A function of the library: what it answers, and what it is handed."""
    function = getattr(_lib, "cosend_" + name)
    function.restype, *arguments = [_TYPES[of] for of in signature]
    function.argtypes = arguments
    return function


_version = _declare("version", "s")
_error_name = _declare("error_name", "si")
_from_line = _declare("pipeline_from_line", "pspp")
_from_json = _declare("pipeline_from_json", "psnpp")
_next = _declare("pipeline_next", "ipp")
_open = _declare("pipeline_open", "ipp")
_push = _declare("pipeline_push", "ipsnp")
_push_record = _declare("pipeline_push_record", "ipppnp")
_begin_file = _declare("pipeline_begin_file", "ipsqp")
_end_file = _declare("pipeline_end_file", "ipp")
_flush = _declare("pipeline_flush", "ipp")
_finish = _declare("pipeline_finish", "ipp")
_position = _declare("pipeline_position", "ipp")
_free = _declare("pipeline_free", "-p")
_request = _declare("pipeline_request", "-pi")
_ledger = _declare("pipeline_ledger", "bpnp")
_result = _declare("pipeline_result", "bpnnpp")
_errors = _declare("pipeline_errors", "qp")
_count = _declare("batch_count", "up")
_schema = _declare("batch_schema", "pp")
_columns = _declare("schema_count", "np")
_name = _declare("schema_name", "spn")
_is_open = _declare("schema_open", "bp")
_put_column = _declare("put_column", "bppnpp")
_put_records = _declare("put_json_batch", "bpp")
_bytes_free = _declare("bytes_free", "-p")

# ---- What comes out ----------------------------------------------------------


def version() -> str:
    """The library's, as "0.1.0"."""
    return _text(_version())


class Error(Exception):
    """What went wrong: kind ("unknown_column"), message, and where that is
    known step, source, line, column and offset; problems has all of a spec's,
    as pairs of place and text."""

    def __init__(self, message: str, kind: str = "usage",
                 step: str | None = None, source: str | None = None,
                 line: int = 0, column: int = 0, offset: int = 0,
                 problems: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.message, self.kind, self.step = message, kind, step
        self.source, self.line, self.column = source, line, column
        self.offset, self.problems = offset, list(problems)


class Reject(NamedTuple):
    """A record that a step could not use. Without a file's name source is None,
    and line is 0 where it is not known; fields is a dict where raw, its bytes,
    does not show them. Of what is truncated raw is the beginning."""

    source: str | None
    line: int
    offset: int
    step: str
    kind: str
    reason: str
    raw: bytes | None
    fields: dict[str, Any] | None
    truncated: bool


def _reject_of(of: Any) -> Reject:
    return Reject(
        _text(of.source) if of.source else None, of.line, of.offset,
        _text(of.step), _text(of.kind), _text(of.reason),
        ctypes.string_at(of.raw, of.raw_length) if of.raw else None,
        json.loads(_text(of.fields)) if of.fields else None, of.truncated)


def _text(data: bytes) -> str:
    # What is no UTF-8 survives the way there and back, as in os.fsdecode.
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str | bytes | os.PathLike[Any]) -> bytes:
    path = os.fspath(text)
    return path if isinstance(path, bytes) else \
        path.encode("utf-8", "surrogateescape")


def _word(text: Any) -> bytes | None:
    # To the library a NUL is the end: what is behind it must not be lost.
    data = None if text is None else _bytes(text)
    if data is not None and b"\0" in data:
        raise Error("%r has a NUL in it" % text)
    return data


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _float(text: str) -> float | None:
    try:  # 1_000 is a number in Python alone
        return None if "_" in text else float(text)
    except ValueError:
        return None


_VALUES: dict[int, Callable[[str], Any]] = {
    ABSENT: lambda text: None, NULL: lambda text: None, TEXT: str,
    NUMBER: _number, BOOL: lambda text: text == "true", NESTED: json.loads}


@functools.lru_cache(maxsize=64)
def _dicts_of(count: int) -> Any:
    # A dict display takes a third of the time of dict(zip(names, row)), but
    # their number must be in the code; of the names nothing is.
    keys, cells = (["%s%d" % (letter, i) for i in range(count)]
                   for letter in "kv")
    return eval("lambda %s: lambda rows: ({%s} for %s, in rows)" % (
        ",".join(keys), ",".join(map("%s:%s".__mod__, zip(keys, cells))),
        ",".join(cells)))


class Batch:
    """Records as columns: names, len(batch), and lists, by name or number, of
    bytes, str, floats or values (as a record's). Iterated over it gives the
    records, as dicts. It is a copy: keep it as long as you like.

    JSON lines may have fields that no step names; of these there are records
    only, and columns of names that are asked for."""

    def __init__(self, batch: int,
                 warn: Callable[[str], None] | None = None) -> None:
        schema = _schema(batch)
        self._count: int = _count(batch)
        self.names = [_text(_name(schema, i)) for i in range(_columns(schema))]
        # Lists and dicts are made when they are asked for. These are bytes:
        self._data: dict[str, tuple[Any, bytes]] = {}
        self._json = b""
        if not _is_open(schema):
            for i, name in enumerate(self.names):
                self._data[name] = self._take_column(batch, i)
            return
        self._json, well_formed = self._take(_put_records, batch)
        if warn and not well_formed:
            warn("bytes that are no UTF-8 have U+FFFD in their place")

    @staticmethod
    def _take(put: Any, *of: Any) -> tuple[bytes, bool]:
        room = _Bytes()
        try:
            answer = put(byref(room), *of)
            if room.failed:
                raise MemoryError
            return ctypes.string_at(room.data, room.length), answer
        finally:
            _bytes_free(byref(room))

    def _take_column(self, batch: int, i: int) -> tuple[Any, bytes]:
        count = self._count
        kinds = (c_uint8 * count)()
        data, there = self._take(_put_column, batch, i, None, kinds)
        if not there:
            raise MemoryError
        if data.count(b"\0") == count:
            return data, bytes(kinds)
        ends = (c_uint64 * count)()  # NULs are in cells, too
        self._take(_put_column, batch, i, ends, None)
        return [data[a:b] for a, b in zip([0, *(end + 1 for end in ends)],
                                          ends)], bytes(kinds)

    def __len__(self) -> int:
        return self._count

    def _name(self, column: int | str) -> str:
        return self.names[column] if isinstance(column, int) else column

    @functools.cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return json.loads(_text(self._json))  # type: ignore[no-any-return]

    @functools.cached_property
    def _written(self) -> list[dict[str, Any]]:
        # Numbers as the data have them, and not as Python would write them.
        return json.loads(_text(self._json), parse_int=str,  # type: ignore
                          parse_float=str)

    @functools.cached_property
    def _texts(self) -> list[dict[str, str]]:
        # Of each record the text of all that it has.
        decode, text = json.JSONDecoder().raw_decode, _text(self._json)
        blank = re.compile(r"[ \t\n\r,:]*").match
        records: list[dict[str, str]] = []

        def skip(at: int) -> int:
            return blank(text, at).end()  # type: ignore[union-attr]

        at = skip(skip(0) + 1)
        while text[at] != "]":
            records.append({})
            at = skip(at + 1)
            while text[at] != "}":
                name, at = decode(text, at)
                begin = skip(at)
                at = decode(text, begin)[1]
                records[-1][name] = text[begin:at]
                at = skip(at)
            at = skip(at + 1)
        return records

    def _nested(self, record: int, name: str) -> str:
        return self._texts[record][name]

    def bytes(self, column: int | str) -> list[bytes]:
        """A column's cells as bytes; b"" for absent and null."""
        if self._json:
            return [_bytes(cell) for cell in self.text(column)]
        data = self._data[self._name(column)][0]
        return data.split(b"\0")[:-1] if isinstance(data, bytes) else [*data]

    def text(self, column: int | str) -> list[str]:
        """The same as str."""
        if self._json:
            name = self._name(column)
            cells = [row.get(name) for row in self._written]
            if any(isinstance(cell, (dict, list)) for cell in cells):
                cells = [self._nested(at, name)
                         if isinstance(cell, (dict, list)) else cell
                         for at, cell in enumerate(cells)]
            return [cell if isinstance(cell, str) else
                    "" if cell is None else str(cell).lower()
                    for cell in cells]
        data = self._data[self._name(column)][0]
        return _text(data).split("\0")[:-1] if isinstance(data, bytes) \
            else [_text(cell) for cell in data]

    def floats(self, column: int | str) -> list[float | None]:
        """The same as floats; None for what is none."""
        return [_float(cell) for cell in self.text(column)]

    def values(self, column: int | str) -> list[Any]:
        """A column's cells as a record has them; None for absent, too."""
        name = self._name(column)
        if self._json:
            return [row.get(name) for row in self._rows]
        cells, kinds = self.text(name), self._data[name][1]
        if kinds.count(TEXT) == len(kinds):
            return cells
        if kinds.count(NUMBER) == len(kinds):
            try:
                return json.loads("[%s]" % ",".join(cells))  # type: ignore
            except ValueError:
                pass
        return [cell if kind == TEXT else _VALUES[kind](cell)
                for cell, kind in zip(cells, kinds)]

    def rows(self, *columns: int | str) -> Iterator[tuple[Any, ...]]:
        """The records as tuples of the values of those columns; of none, of
        all. Of JSON lines they must be named."""
        if self._json and not columns:
            raise Error("the columns of JSON lines are not known: name those "
                        "that rows are to have")
        return zip(*map(self.values, columns or self.names))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._json:
            return iter(self._rows)
        kinds = [self._data[name][1] for name in self.names]
        if any(ABSENT in column for column in kinds):
            return ({name: cell for name, cell, kind
                     in zip(self.names, row, of) if kind != ABSENT}
                    for row, of in zip(self.rows(), zip(*kinds)))
        return iter(_dicts_of(len(self.names))(*self.names)(self.rows()))


# ---- Pipelines ---------------------------------------------------------------


def _locked(method: Any) -> Any:
    # No other thread's close frees what it looks at.
    @functools.wraps(method)
    def call(self: Any) -> Any:
        with self._lock:
            return method(self)
    return call


def _weakly(method: Any) -> Callable[..., int]:
    # What the library calls does not keep the pipeline alive, which owns it.
    found = weakref.WeakMethod(method)

    def call(*arguments: Any) -> int:
        known: Callable[..., int] | None = found()
        return known(*arguments) if known else OK
    return call


class Pipeline:
    """A pipeline of one line ("grep ERROR | count"), or of a spec: a dict, as
    its JSON would be ("cosend" and "from" may be left out).

    format        of what is read: "csv"; without it that of a file is what its
                  name says, as on the command line, and all else is text
    parameters    values of a spec's params, and of ${name}
    environment   whether params may be those of the environment
    on_error      "reject", "skip" or "fail", where a step has none
    max_errors    so many records may be skipped and rejected
    on_reject     is called with each Reject
    on_warning    is called with each warning, a str; by default they are not
                  told
    to            the file that `run` writes, as output_format or its name has
                  it, instead of handing records over
    rejects       the file that rejected records are written to
    threads       that may work at once; they change no output
    batch_size    records; 0 is the default

    The callback of `run` may return STOP. What one raises ends the pipeline and
    comes out of the call that drives it. One thread at a time drives it; `stop`
    and `close` may come from any."""

    _pipeline: int | None = None

    def __init__(self, pipeline: str | dict[str, Any], *,
                 format: str | None = None,
                 parameters: Mapping[str, Any] | None = None,
                 environment: bool = True, on_error: str | None = None,
                 max_errors: int | None = None,
                 on_reject: Callable[[Reject], Any] | None = None,
                 on_warning: Callable[[str], Any] | None = None,
                 to: str | os.PathLike[str] | None = None,
                 output_format: str | None = None,
                 rejects: str | os.PathLike[str] | None = None,
                 threads: int = 1, batch_size: int = 0) -> None:
        self._spec, self._to = pipeline, to
        self._lock = threading.RLock()
        self._driver: int | None = None  # the thread that does
        self._closing: int | None = None  # what it is to free
        self._runs = 0  # that were begun
        self._batches: list[Batch] = []
        self._raised: BaseException | None = None
        self._on_batch: Callable[[Batch], Any] | None = None
        self._on_reject, self._on_warning = on_reject, on_warning
        self._problems: list[tuple[str, str]] = []
        # The library borrows what options point at: all of it is kept.
        self._taker = _Taker(size=sizeof(_Taker),
                             batch=_TAKE(_weakly(self._take)))
        self._options = options = _Options(
            size=sizeof(_Options),
            name=b"<spec>" if isinstance(pipeline, dict) else b"<line>",
            problem=_PROBLEM(_weakly(self._note_problem)),
            warning=_WARNING(_weakly(self._warn)),
            no_environment=not environment,
            input_format=self._choose(FORMATS, format or "auto", "format"),
            output_format=self._choose(FORMATS, output_format or "auto",
                                       "output_format"),
            on_error=self._choose(ON_ERROR, on_error, "on_error"),
            rejects_path=_word(rejects), output_path=_word(to),
            threads=self._count(threads, "threads"),
            batch_size=self._count(batch_size, "batch_size"))
        if max_errors is not None:
            options.max_errors = self._count(max_errors, "max_errors", 64)
            options.limit_errors = True
        if on_reject:
            options.reject = _REJECT(_weakly(self._reject))
        given = [_Parameter(_word(name), _word(
                     str(value).lower() if isinstance(value, bool)
                     else str(value)))
                 for name, value in (parameters or {}).items()]
        options.parameters = (_Parameter * len(given))(*given)
        options.parameter_count = len(given)
        self._make(push=False, take=to is None)

    @staticmethod
    def _choose(known: Mapping[Any, int], word: str | None, what: str) -> int:
        if word not in known:
            raise Error("%s is one of %s" % (
                what, ", ".join(name for name in known if name)))
        return known[word]

    @staticmethod
    def _count(count: int, what: str, bits: int = 32) -> int:
        if not 0 <= count < 1 << bits:
            raise Error("%s cannot be %r" % (what, count))
        return count

    def _check_idle(self) -> None:
        if self._driver:
            raise Error("the pipeline is at work: neither its callbacks nor "
                        "another thread can drive it")

    def _make(self, push: bool, take: bool, files: Iterable[Any] = ()) -> None:
        self._check_idle()
        names = [_word(name) for name in files]
        options = self._options
        options.push = push
        options.files = (c_char_p * len(names))(*names)
        options.file_count = len(names)
        options.taker = ctypes.pointer(self._taker) if take else None
        self.close()
        self._runs += 1
        self._opened = self._finished = False
        self._batches, self._on_batch = [], None
        error = _Error()
        if isinstance(self._spec, dict):
            text = json.dumps({"cosend": 1, "from": {"input": {}},
                               **self._spec}).encode()
            self._pipeline = _from_json(text, len(text), byref(options),
                                        byref(error))
        else:
            self._pipeline = _from_line(_word(self._spec), byref(options),
                                        byref(error))
        if not self._pipeline:
            self._raise(error)

    # Callbacks. No exception may leave them: it is kept, the library is told
    # an error, and the call that drives the pipeline raises it.

    def _call(self, function: Callable[..., Any], *arguments: Any) -> int:
        try:
            return DONE if function(*arguments) is STOP else OK
        except BaseException as raised:
            self._raised = self._raised or raised
            return E_USER

    def _take(self, batch: int, _: Any) -> int:
        return self._call(lambda: (self._on_batch or self._batches.append)(
            Batch(batch, self._on_warning)))

    def _reject(self, reject: Any, _: Any) -> int:
        return self._call(lambda: self._on_reject and self._on_reject(
            _reject_of(reject.contents)))

    def _warn(self, text: bytes, _: Any) -> int:
        return self._call(lambda: self._on_warning and self._on_warning(
            _text(text)))

    def _note_problem(self, problem: Any, _: Any) -> int:
        of = problem.contents
        text = _text(of.text)
        if of.path:
            text = "%s: %s" % (_text(of.path), text)
        return self._call(self._problems.append, (
            "%s:%d:%d" % (_text(of.name), of.line, of.column), text))

    def _raise(self, error: _Error, answer: int = 0) -> None:
        raised, self._raised = self._raised, None
        problems, self._problems = self._problems, []
        if raised:
            raise raised
        message = "\n".join("%s: %s" % problem for problem in problems)
        message = message or _text(error.message) or \
            "a callback closed the pipeline"
        raise Error(message, _text(_error_name(error.kind or answer)),
                    _text(error.step) or None, _text(error.source) or None,
                    error.line, error.column, error.offset, problems)

    def _drive(self, function: Any, *arguments: Any) -> int:
        with self._lock:
            if not self._pipeline:
                raise Error("the pipeline is closed")
            self._check_idle()
            pipeline, self._driver = self._pipeline, threading.get_ident()
        # An interrupt that comes before the first line of a callback is no
        # exception that this could catch; Python would print and forget it.
        error, hook = _Error(), sys.unraisablehook
        main = threading.current_thread() is threading.main_thread()
        if main:
            sys.unraisablehook = lambda of: self._keep(of) or hook(of)
        try:
            answer: int = function(pipeline, *arguments, byref(error))
        finally:
            if main:
                sys.unraisablehook = hook
            with self._lock:
                closing, self._closing = self._closing, None
                self._driver = None
            _free(closing)
        if answer < 0 or self._raised:
            self._raise(error, answer)
        return answer

    def _keep(self, unraisable: Any) -> bool:
        mine = "ctypes callback" in (unraisable.err_msg or "")
        if mine:
            self._raised = self._raised or unraisable.exc_value
        return mine

    # Driving it.

    def open(self) -> None:
        """Make it one for pushing, and open the sinks; the first push does
        it, too."""
        if self._pipeline and not self._opened:
            self._make(push=True, take=self._to is None)
        self._drive(_open)
        self._opened = True

    def _feed(self, function: Any, *arguments: Any) -> bool:
        if not self._opened:
            self.open()
        return self._drive(function, *arguments) != DONE

    def push(self, data: Any) -> bool:
        """Bytes, cut anywhere. Whether more are wanted."""
        data = bytes(memoryview(data))
        return self._feed(_push, data, len(data))

    def push_record(self, record: Mapping[str, Any]) -> bool:
        """A dict: the same names in the same order each time. Whether more are
        wanted."""
        names = (c_char_p * len(record))(*map(_word, record))
        kept, cells = [], (_Cell * len(record))()
        for i, value in enumerate(record.values()):
            kind = (NULL if value is None else
                    BOOL if isinstance(value, bool) else
                    NUMBER if isinstance(value, (int, float)) else
                    TEXT if isinstance(value, (str, bytes)) else NESTED)
            data = _bytes(value) if kind == TEXT else b"" if kind == NULL \
                else json.dumps(value).encode()
            kept.append(ctypes.create_string_buffer(data, len(data) or 1))
            cells[i] = _Cell(ctypes.addressof(kept[-1]), len(data), kind)
        return self._feed(_push_record, names, cells, len(record))

    def begin_file(self, name: Any, offset: int = 0) -> bool:
        """What is pushed from now on is of that file, from that byte on.
        Whether more is wanted; as of end_file and flush."""
        return self._feed(_begin_file, _word(name),
                          self._count(offset, "offset", 64))

    def end_file(self) -> bool:
        """The file is over: a last line without an end is a record."""
        return self._feed(_end_file)

    def flush(self) -> bool:
        """Send what is pending down to the sinks."""
        return self._feed(_flush)

    def finish(self) -> None:
        """The end of the input: the last records come."""
        self._feed(_finish)
        self._finished = True

    @_locked
    def position(self) -> dict[str, int]:
        """How far pushed bytes are: files, taken, done and held, as
        cosend/pipeline.h says."""
        position = _Position(size=sizeof(_Position))
        if not self._pipeline or _position(self._pipeline, byref(position)):
            raise Error("the pipeline is not open")
        return {name: getattr(position, name)
                for name in ("files", "taken", "done", "held")}

    def taken(self) -> list[Batch]:
        """The batches that have come out since it was last asked."""
        batches, self._batches = self._batches, []
        return batches

    def batches(self, *files: Any,
                pieces: Iterable[bytes] | None = None) -> Iterator[Batch]:
        """Read files as `run` does, or push pieces (bytes, as from a socket)
        and finish, and give batches as they come. One left early is closed."""
        if self._to is not None:
            raise Error("the records go to %s: run it" % (self._to,))
        self._check_idle()
        if pieces is None:
            self._check_finished()
        return self._given(self._go_on(files) if pieces is None else
                           self._push_all(pieces))

    def _check_finished(self) -> None:
        if self._pipeline and self._opened and not self._finished:
            raise Error("what was pushed is not finished: finish, or close it")

    def _go_on(self, files: Iterable[Any]) -> Iterator[None]:
        self._make(push=False, take=True, files=files)
        while self._drive(_next) == YIELD:
            yield
        self._finished = True

    def _push_all(self, pieces: Iterable[bytes]) -> Iterator[None]:
        if self._finished:
            self._opened = False
        for piece in pieces:
            if not self.push(piece):
                break
            yield
        self.finish()

    def _given(self, steps: Iterator[None]) -> Iterator[Batch]:
        mine = None
        try:
            going = True
            while going:
                if mine not in (None, self._runs):
                    raise Error("the pipeline has begun another run meanwhile: "
                                "a Pipeline has one at a time")
                going = next(steps, STOP) is not STOP
                mine = self._runs
                yield from self.taken()
        finally:
            if not self._finished and mine in (None, self._runs):
                self.close()

    def read(self, *files: Any, pieces: Iterable[bytes] | None = None
             ) -> Iterator[dict[str, Any]]:
        """The same, record by record."""
        return itertools.chain.from_iterable(
            self.batches(*files, pieces=pieces))

    def rows(self, *files: Any, pieces: Iterable[bytes] | None = None,
             columns: Iterable[int | str] = ()) -> Iterator[tuple[Any, ...]]:
        """The same as tuples of the values of those columns, or of all."""
        columns = tuple(columns)
        return itertools.chain.from_iterable(
            batch.rows(*columns)
            for batch in self.batches(*files, pieces=pieces))

    def run(self, *files: Any,
            batch: Callable[[Batch], Any] | None = None) -> bool:
        """Read the files, compressed ones too; of none, what the spec names,
        or else standard input. The batches go to the callback; without one to
        `to`, or the spec's or the line's sink. Whether that had a reader to
        the end."""
        if batch and self._to is not None:
            raise Error("the records go to %s, and not to a callback" % (
                self._to,))
        self._check_idle()
        self._check_finished()
        self._make(push=False, take=bool(batch), files=files)
        self._on_batch = batch
        answer = YIELD
        while answer == YIELD:
            answer = self._drive(_next)
        return answer != DONE

    def stop(self) -> None:
        """End the input here; from a callback or any thread. Of one that is
        closed it is nothing."""
        with self._lock:
            if self._pipeline:
                _request(self._pipeline, 1)

    # Afterwards.

    @_locked
    def ledgers(self) -> dict[str, dict[str, Any]]:
        """What each step did with its records: a dict of dicts by id."""
        ledgers: dict[str, dict[str, Any]] = {}
        ledger = _Ledger(size=sizeof(_Ledger))
        while self._pipeline and _ledger(self._pipeline, len(ledgers),
                                         byref(ledger)):
            ledgers[_text(ledger.id)] = {
                "filter": _text(ledger.filter),
                **{name: getattr(ledger, name) for name in _COUNTS}}
        return ledgers

    @_locked
    def results(self) -> dict[str, dict[str, Any]]:
        """What each step returned: a dict of dicts by id."""
        results, name, cell = {}, c_char_p(), _Cell()
        for i, step in enumerate(self.ledgers()):
            values: dict[str, Any] = {}
            while _result(self._pipeline, i, len(values), byref(name),
                          byref(cell)):
                text = ctypes.string_at(cell.data, cell.length) \
                    if cell.length else b""
                values[_text(name.value or b"")] = \
                    _VALUES[cell.kind](_text(text))
            results[step] = values
        return results

    @property
    @_locked
    def errors(self) -> int:
        """Records skipped and rejected."""
        return int(_errors(self._pipeline)) if self._pipeline else 0

    def close(self) -> None:
        """Free it, as `with` does at its end. Where another thread drives it,
        it is stopped, and freed when that call returns."""
        with self._lock:
            pipeline, self._pipeline = self._pipeline, None
            if pipeline and self._driver not in (None, threading.get_ident()):
                _request(pipeline, 1)
                self._closing, pipeline = pipeline, None
        _free(pipeline)

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if self._pipeline:
            self.close()
