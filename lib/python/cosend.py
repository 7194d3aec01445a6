# SPDX-License-Identifier: MIT
"""Pipelines of cosend from Python 3.9 or later, by ctypes and nothing else.

    import cosend

    with cosend.Pipeline("where 'ms >= ${least}' | average ms by=host",
                         format="csv", parameters={"least": 6}) as pipeline:
        for row in pipeline.read("requests.csv"):
            print(row["host"], row["average"])

Records come as dicts, a batch of them at a time from the library; what is text
there is str here, and what is a number there (computed, or read from JSON) is
int or float. `batches` gives columns instead, `run` leaves reading and writing
to the library, and `push` takes bytes as they come.

The shared object is sought in $COSEND_LIBRARY, beside this file's prefix
(PREFIX/share/cosend/cosend.py: PREFIX/lib), and where the system looks.
"""

import ctypes
import itertools
import json
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_bool, c_char,
                    c_char_p, c_int, c_size_t, c_uint, c_uint8, c_uint32,
                    c_uint64, c_void_p, sizeof)

__all__ = ["Pipeline", "Batch", "Reject", "Error", "STOP", "version"]

OK, DONE = 0, 2
E_USER = -1000
ABSENT, NULL, TEXT, NUMBER, BOOL, NESTED = range(6)
FORMATS = {name: i for i, name in enumerate(
    "auto text csv tsv jsonl json ltsv logfmt xtab columns nidx table "
    "markdown template".split())}
ON_ERROR = {None: 0, "reject": 1, "skip": 2, "fail": 3}

STOP = object()
"""What a callback returns that wants no more: the pipeline ends as by head."""


def _load():
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


class _Record(Structure):
    _fields_ = [("batch", c_void_p), ("columns", c_void_p), ("map", c_void_p),
                ("position", c_uint32), ("row", c_uint32)]


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


def _declare(name, answer, *arguments):
    function = getattr(_lib, "cosend_" + name)
    function.restype, function.argtypes = answer, arguments
    return function


_version = _declare("version", c_char_p)
_error_name = _declare("error_name", c_char_p, c_int)
_from_line, _from_json = (
    _declare("pipeline_from_line", c_void_p, c_char_p, c_void_p, c_void_p),
    _declare("pipeline_from_json", c_void_p, c_char_p, c_size_t, c_void_p,
             c_void_p))
_run, _open, _end_file, _flush, _finish = (
    _declare("pipeline_" + name, c_int, c_void_p, c_void_p)
    for name in ("run", "open", "end_file", "flush", "finish"))
_push = _declare("pipeline_push", c_int, c_void_p, c_char_p, c_size_t,
                 c_void_p)
_push_record = _declare("pipeline_push_record", c_int, c_void_p, c_void_p,
                        c_void_p, c_size_t, c_void_p)
_begin_file = _declare("pipeline_begin_file", c_int, c_void_p, c_char_p,
                       c_uint64, c_void_p)
_position = _declare("pipeline_position", c_int, c_void_p, c_void_p)
_free = _declare("pipeline_free", None, c_void_p)
_request = _declare("pipeline_request", None, c_void_p, c_int)
_ledger = _declare("pipeline_ledger", c_bool, c_void_p, c_size_t, c_void_p)
_result = _declare("pipeline_result", c_bool, c_void_p, c_size_t, c_size_t,
                   c_void_p, c_void_p)
_errors = _declare("pipeline_errors", c_uint64, c_void_p)
_count = _declare("batch_count", c_uint32, c_void_p)
_schema = _declare("batch_schema", c_void_p, c_void_p)
_columns = _declare("schema_count", c_size_t, c_void_p)
_name = _declare("schema_name", c_char_p, c_void_p, c_size_t)
_is_open = _declare("schema_open", c_bool, c_void_p)
_batch_record = _declare("batch_record", _Record, c_void_p, c_uint32)
_put_column = _declare("put_column", c_bool, c_void_p, c_void_p, c_size_t,
                       c_void_p, c_void_p)
_put_record = _declare("put_json_record", c_bool, c_void_p, c_void_p)
_put_raw = _declare("put_raw", None, c_void_p, c_char_p, c_size_t)
_bytes_free = _declare("bytes_free", None, c_void_p)

# ---- What comes out ----------------------------------------------------------


def version():
    """The library's, as "0.1.0"."""
    return _version().decode()


class Error(Exception):
    """What went wrong: kind ("unknown_column"), message, and where that is
    known step, source, line, column and offset; problems has all of a spec's,
    as pairs of place and text."""

    def __init__(self, message, kind="usage", step=None, source=None, line=0,
                 column=0, offset=0, problems=()):
        super().__init__(message)
        self.message, self.kind, self.step = message, kind, step
        self.source, self.line, self.column = source, line, column
        self.offset, self.problems = offset, list(problems)


class Reject:
    """A record that a step could not use. raw is bytes, or None; fields a
    dict, where raw does not show them, or None."""

    __slots__ = ("source", "line", "offset", "step", "kind", "reason", "raw",
                 "fields", "truncated")

    def __init__(self, of):
        self.source, self.line, self.offset = _text(of.source), of.line, \
            of.offset
        self.step, self.kind = _text(of.step), _text(of.kind)
        self.reason = _text(of.reason)
        self.raw = ctypes.string_at(of.raw, of.raw_length) if of.raw else None
        self.fields = json.loads(of.fields) if of.fields else None
        self.truncated = of.truncated


def _text(data):
    # What is no UTF-8 survives the way there and back, as in os.fsdecode.
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _bytes(text):
    return None if text is None else os.fsencode(text) \
        if isinstance(text, os.PathLike) else \
        text if isinstance(text, bytes) else \
        text.encode("utf-8", "surrogateescape")


def _word(text):
    # To the library a NUL is the end: what is behind it must not be lost.
    data = _bytes(text)
    if data is not None and b"\0" in data:
        raise Error("%r has a NUL in it" % text)
    return data


def _number(text):
    try:
        return int(text)
    except ValueError:
        return float(text)


_VALUES = {ABSENT: lambda text: None, NULL: lambda text: None,
           NUMBER: _number, BOOL: lambda text: text == "true",
           NESTED: json.loads}


class Batch:
    """Records as columns: names, len(batch), and lists, by name or number, of
    bytes, str, floats or values (as a record's). Iterated over it gives the
    records, as dicts. It is a copy: keep it as long as you like.

    JSON lines may have fields that no step names; of these there are records
    only, and columns of names that are asked for."""

    def __init__(self, batch):
        schema = _schema(batch)
        self._count = _count(batch)
        self.names = [_text(_name(schema, i))
                      for i in range(_columns(schema))]
        self._rows = None
        self._data = {}
        if _is_open(schema):
            self._take_rows(batch)
        else:
            for i in range(len(self.names)):
                self._take_column(batch, i)

    def _take_column(self, batch, i):
        room, count = _Bytes(), self._count
        ends, kinds = (c_uint64 * count)(), (c_uint8 * count)()
        try:
            if not _put_column(byref(room), batch, i, ends, kinds):
                raise MemoryError
            self._data[self.names[i]] = (
                ctypes.string_at(room.data, room.length), list(ends),
                bytes(kinds))
        finally:
            _bytes_free(byref(room))

    def _take_rows(self, batch):
        room = _Bytes()
        try:
            for i in range(self._count):
                record = _batch_record(batch, i)
                _put_record(byref(room), byref(record))
                _put_raw(byref(room), b",", 1)
            if room.failed:
                raise MemoryError
            text = ctypes.string_at(room.data, room.length)
        finally:
            _bytes_free(byref(room))
        self._rows = json.loads(b"[%b]" % text[:-1])

    def __len__(self):
        return self._count

    def _column(self, column):
        return self._data[self.names[column] if isinstance(column, int)
                          else column]

    def bytes(self, column):
        """A column's cells as bytes; b"" for absent and null."""
        if self._rows is not None:
            return [_bytes(cell) for cell in self.text(column)]
        data, ends, _ = self._column(column)
        return [data[a:b] for a, b in zip([0, *ends], ends)]

    def text(self, column):
        """The same as str."""
        if self._rows is not None:
            return ["" if cell is None else cell if isinstance(cell, str) else
                    json.dumps(cell) for cell in self.values(column)]
        data, ends, _ = self._column(column)
        if data.isascii():
            data = data.decode("ascii")
            return [data[a:b] for a, b in zip([0, *ends], ends)]
        return [_text(data[a:b]) for a, b in zip([0, *ends], ends)]

    def floats(self, column):
        """The same as floats; None for what is none."""
        cells = []
        for cell in self.text(column):
            try:  # 1_000 is a number in Python alone
                cells.append(None if "_" in cell else float(cell))
            except ValueError:
                cells.append(None)
        return cells

    def values(self, column):
        """A column's cells as a record has them."""
        if self._rows is not None:
            name = self.names[column] if isinstance(column, int) else column
            return [row.get(name) for row in self._rows]
        cells, kinds = self.text(column), self._column(column)[2]
        if kinds.count(TEXT) == len(kinds):
            return cells
        return [_VALUES[kind](cell) if kind != TEXT else cell
                for cell, kind in zip(cells, kinds)]

    def __iter__(self):
        if self._rows is not None:
            return iter(self._rows)
        names = self.names
        rows = (dict(zip(names, row))
                for row in zip(*map(self.values, names)))
        kinds = [self._data[name][2] for name in names]
        if not any(ABSENT in column for column in kinds):
            return rows
        return ({name: row[name] for name, kind in zip(names, of)
                 if kind != ABSENT} for row, of in zip(rows, zip(*kinds)))


# How compressed files begin: gzip, zstd, bzip2, xz.
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ",
           *(b"BZh%d" % level for level in range(1, 10)))


# ---- Pipelines ---------------------------------------------------------------


class Pipeline:
    """A pipeline of one line ("grep ERROR | count"), or of a spec: a dict, as
    its JSON would be ("cosend" and "from" may be left out).

    format        of what is read: "csv"; without it `run` goes by the file's
                  name, and for all else it is text
    parameters    values of a spec's params, and of ${name}
    on_error      "reject", "skip" or "fail", where a step has none
    on_reject     is called with each Reject
    on_warning    is called with each warning, a str; by default they are not
                  told
    to            the file that `run` writes, with output_format, instead of
                  handing records over

    A callback may return STOP. What it raises ends the pipeline and comes out
    of the call that drives it."""

    def __init__(self, pipeline, *, format=None, parameters=None,
                 environment=True, on_error=None, max_errors=None,
                 on_reject=None, on_warning=None, to=None,
                 output_format=None, rejects=None, threads=1, batch_size=0):
        self._text = pipeline
        self._pipeline = None
        self._batches, self._raised, self._on_batch = [], None, None
        self._on_reject, self._on_warning = on_reject, on_warning
        self._problems, self._done = [], False
        self._inside = False
        # The library borrows what options point at: all of it is kept.
        self._taker = _Taker(size=sizeof(_Taker), batch=_TAKE(self._take))
        self._options = options = _Options(
            size=sizeof(_Options),
            name=b"<spec>" if isinstance(pipeline, dict) else b"<line>",
            problem=_PROBLEM(self._note_problem),
            warning=_WARNING(self._warn), no_environment=not environment,
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
            options.reject = _REJECT(self._reject)
        if to is None:
            options.taker = ctypes.pointer(self._taker)
        given = [_Parameter(_word(name), _word(
                     str(value).lower() if isinstance(value, bool)
                     else str(value)))
                 for name, value in (parameters or {}).items()]
        options.parameters = (_Parameter * len(given))(*given)
        options.parameter_count = len(given)
        self._make(push=True)

    @staticmethod
    def _choose(known, word, what):
        if word not in known:
            raise Error("%s is one of %s" % (
                what, ", ".join(name for name in known if name)))
        return known[word]

    @staticmethod
    def _count(count, what, bits=32):
        if not 0 <= count < 1 << bits:
            raise Error("%s cannot be %r" % (what, count))
        return count

    def _make(self, push, files=()):
        names = [_word(name) for name in files]
        self._options.push = push
        self._options.files = (c_char_p * len(names))(*names)
        self._options.file_count = len(names)
        self.close()
        self._opened = self._finished = self._done = False
        error = _Error()
        if isinstance(self._text, dict):
            text = json.dumps({"cosend": 1, "from": {"input": {}},
                               **self._text}).encode()
            made = _from_json(text, len(text), byref(self._options),
                              byref(error))
        else:
            made = _from_line(_word(self._text), byref(self._options),
                              byref(error))
        if not made:
            self._raise(error)
        self._pipeline = made

    # Callbacks. No exception may leave them: it is kept, the library is told
    # an error, and the call that drives the pipeline raises it.

    def _call(self, function, *arguments):
        try:
            return DONE if function(*arguments) is STOP else OK
        except BaseException as raised:
            self._raised = self._raised or raised
            return E_USER

    def _take(self, batch, _):
        return self._call(lambda: (self._on_batch or self._batches.append)(
            Batch(batch)))

    def _reject(self, reject, _):
        return self._call(lambda: self._on_reject(Reject(reject.contents)))

    def _warn(self, text, _):
        if self._on_warning:
            self._call(self._on_warning, _text(text))

    def _note_problem(self, problem, _):
        of = problem.contents
        self._problems.append(("%s:%d:%d" % (_text(of.name), of.line,
                                             of.column),
                               "%s: %s" % (_text(of.path), _text(of.text))
                               if of.path else _text(of.text)))

    def _raise(self, error):
        if self._raised:
            raised, self._raised = self._raised, None
            raise raised
        problems, self._problems = self._problems, []
        message = "\n".join("%s: %s" % problem for problem in problems)
        message = message or _text(error.message) or \
            "a callback closed the pipeline"
        raise Error(message, _text(_error_name(error.kind)),
                    _text(error.step) or None, _text(error.source) or None,
                    error.line, error.column, error.offset, problems)

    def _drive(self, function, *arguments):
        if not self._pipeline:
            raise Error("the pipeline is closed")
        if function not in (_open, _run) and not self._opened:
            self.open()
        error = _Error()
        answer = function(self._pipeline, *arguments, byref(error))
        if answer < 0 or self._raised:
            self._raise(error)
        if answer == DONE:
            self._done = True
        return answer != DONE

    # Driving it.

    def open(self):
        """Open the sinks; the first push does it, too."""
        self._drive(_open)
        self._opened = True

    def push(self, data):
        """Bytes, cut anywhere. Whether more are wanted."""
        return self._drive(_push, bytes(data), len(data))

    def push_record(self, record):
        """A dict: the same names in the same order each time."""
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
        return self._drive(_push_record, names, cells, len(record))

    def begin_file(self, name, offset=0):
        """What is pushed from now on is of that file."""
        return self._drive(_begin_file, _word(name), offset)

    def end_file(self):
        return self._drive(_end_file)

    def flush(self):
        """Send what is pending down to the sinks."""
        return self._drive(_flush)

    def finish(self):
        """The end of the input: the last records come."""
        self._drive(_finish)
        self._finished = True

    def position(self):
        """How far pushed bytes are: files, taken, done and held, as
        cosend/pipeline.h says."""
        position = _Position(size=sizeof(_Position))
        if not self._pipeline or _position(self._pipeline, byref(position)):
            raise Error("the pipeline is not open")
        return {name: getattr(position, name)
                for name in ("files", "taken", "done", "held")}

    def taken(self):
        """The batches that have come out since it was last asked."""
        batches, self._batches = self._batches, []
        return batches

    def batches(self, *files, pieces=None, size=1 << 18):
        """Read files, or pieces (bytes, as from a socket), and give batches as
        they come. One left early is closed as by `head`. Compressed files are
        for `run`."""
        try:
            for name, pieces in ([(None, pieces)] if pieces is not None else
                                 [(name, None) for name in files]):
                yield from self._pushed(name, pieces, size)
                if self._done:
                    break
            self.finish()
            yield from self.taken()
        finally:
            if not self._finished:
                self.close()

    def _pushed(self, name, pieces, size):
        if pieces is None:
            with open(name, "rb", buffering=0) as file:
                first = file.read(size)
                if first.startswith(_PACKED):
                    raise Error("%s is compressed: only `run` reads it" % name)
                if self.begin_file(name):
                    yield from self._pushed(None, itertools.chain(
                        [first], iter(lambda: file.read(size), b"")), size)
                self._done or self.end_file()
        else:
            for piece in pieces:
                if not self.push(piece):
                    break
                if self._batches:
                    yield from self.taken()
        yield from self.taken()

    def read(self, *files, pieces=None):
        """The same, record by record."""
        for batch in self.batches(*files, pieces=pieces):
            yield from batch

    def run(self, *files, batch=None):
        """The library reads, by itself: the files, or what the spec names. The
        batches go to the callback; without one to the spec's or the line's
        sink."""
        self._on_batch = batch
        self._options.taker = ctypes.pointer(self._taker) if batch else None
        self._make(push=False, files=files)
        return self._drive(_run)

    def stop(self):
        """End the input here; from a callback or any thread."""
        if self._pipeline:
            _request(self._pipeline, 1)

    # Afterwards.

    def ledgers(self):
        """What each step did with its records: a dict of dicts by id."""
        ledgers, i = {}, 0
        ledger = _Ledger(size=sizeof(_Ledger))
        while self._pipeline and _ledger(self._pipeline, i, byref(ledger)):
            counts = {name: getattr(ledger, name) for name in _COUNTS}
            ledgers[_text(ledger.id)] = {"filter": _text(ledger.filter),
                                         **counts}
            i += 1
        return ledgers

    def results(self):
        """What each step returned: a dict of dicts by id."""
        results, name, cell = {}, c_char_p(), _Cell()
        for i, step in enumerate(self.ledgers()):
            values, j = {}, 0
            while _result(self._pipeline, i, j, byref(name), byref(cell)):
                text = _text(ctypes.string_at(cell.data, cell.length)
                             if cell.length else b"")
                values[_text(name.value)] = (
                    text if cell.kind == TEXT else _VALUES[cell.kind](text))
                j += 1
            results[step] = values
        return results

    @property
    def errors(self):
        """Records skipped and rejected."""
        return _errors(self._pipeline) if self._pipeline else 0

    def close(self):
        """Free it; with `with` that is done at the end."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline:
            _free(pipeline)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if getattr(self, "_pipeline", None):
            self.close()
