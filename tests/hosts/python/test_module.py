# SPDX-License-Identifier: MIT
"""What cosend.py does with mistakes, odd bytes, early ends and exceptions.

    PYTHONPATH=PREFIX/share/cosend python3 test_module.py FOLDER
"""
import gc
import gzip
import os
import signal
import sys
import threading
import unittest
import weakref

import cosend

FOLDER = sys.argv.pop(1)


def rows(text, data, **options):
    with cosend.Pipeline(text, **options) as pipeline:
        return list(pipeline.read(pieces=[data]))


def put(name, text):
    name = os.path.join(FOLDER, name)
    with open(name, "w") as file:
        file.write(text)
    return name


class Pestering:
    """Interrupts, one after the other until the first is heard: one that
    comes between two lines of Python ends no wait."""

    def __enter__(self):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.pester)
        self.thread.start()

    def pester(self):
        while not self.over.wait(0.02):
            os.kill(os.getpid(), signal.SIGINT)

    def __exit__(self, *_):
        while True:
            try:
                self.over.set()
                self.thread.join()
                break
            except KeyboardInterrupt:
                pass


class Module(unittest.TestCase):
    def setUp(self):
        self.ignored, self.hook = [], sys.unraisablehook
        sys.unraisablehook = lambda of: self.ignored.append(
            (of.err_msg, of.exc_value))

    def tearDown(self):
        gc.collect()
        sys.unraisablehook = self.hook
        self.assertEqual(self.ignored, [])

    def test_values(self):
        self.assertEqual(
            rows("set 'd = a * 2'", b'{"a":1.5,"x":{"y":[null]}}\n{"b":true}\n',
                 format="jsonl", on_error="skip"),
            [{"a": 1.5, "x": {"y": [None]}, "d": 3}, {"b": True, "d": None}])

    def test_bytes_survive(self):
        for data in (b"\xf1x", "\u00e9".encode(), b"a\0b"):
            with cosend.Pipeline("grep .") as pipeline:
                batch, = pipeline.batches(pieces=[data + b"\nx\n"])
            self.assertEqual(batch.bytes("line"), [data, b"x"])
            self.assertEqual(os.fsencode(batch.text(0)[0]), data)
            self.assertEqual(batch.floats(0), [None, None])

    def test_columns(self):
        with cosend.Pipeline("pass", format="csv") as pipeline:
            batch, = pipeline.batches(pieces=[b"k,n\na,1\nb,\n"])
        self.assertEqual((len(batch), batch.names), (2, ["k", "n"]))
        self.assertEqual(batch.floats("n"), [1.0, None])
        with self.assertRaises(KeyError):
            batch.text("m")
        with cosend.Pipeline("pass", format="csv") as pipeline:
            batch, = pipeline.batches(pieces=[b"n\n1_0\n1e2\n"])
        self.assertEqual(batch.floats("n"), [None, 100.0])

    def test_cells(self):
        data = b'{"a":1,"b":"x\\u0000y"}\n{"a":-2.5e3,"b":""}\n'
        with cosend.Pipeline("select a,b", format="jsonl") as pipeline:
            batch, = pipeline.batches(pieces=[data])
        self.assertEqual(batch.values("a"), [1, -2500.0])
        self.assertEqual(batch.text("b"), ["x\0y", ""])
        self.assertEqual(batch.bytes("b"), [b"x\0y", b""])
        self.assertEqual(list(batch.rows("b", 0)), [("x\0y", 1), ("", -2500)])
        self.assertEqual(list(batch), [{"a": 1, "b": "x\0y"},
                                       {"a": -2500.0, "b": ""}])

    def test_rows(self):
        name = put("pad.csv", "k,n\na\nb,2\n")
        spec = {"from": {"input": {"ragged": "pad"}}, "steps": [{"pass": {}}]}
        with cosend.Pipeline(spec) as pipeline:
            self.assertEqual(list(pipeline.rows(name)),
                             [("a", None), ("b", "2")])
            self.assertEqual(list(pipeline.rows(name, columns=["n", 0])),
                             [(None, "a"), ("2", "b")])
            self.assertEqual(list(pipeline.read(name)),
                             [{"k": "a"}, {"k": "b", "n": "2"}])
        with cosend.Pipeline("pass", format="jsonl") as pipeline:
            self.assertEqual(list(pipeline.rows(
                pieces=[b'{"a":1}\n{"b":2}\n'], columns=["a", "b"])),
                [(1, None), (None, 2)])
        with cosend.Pipeline("pass", format="jsonl") as pipeline:
            with self.assertRaisesRegex(cosend.Error, "name those"):
                list(pipeline.rows(pieces=[b'{"a":1}\n']))

    def test_no_utf8(self):
        """What cannot be said is told, not passed over."""
        told = []
        self.assertEqual(rows("set 'b = \"\udcff\"'", b'{"a":1}\n',
                              format="jsonl", on_warning=told.append),
                         [{"a": 1, "b": "\ufffd"}])
        self.assertEqual(told, ["bytes that are no UTF-8 have U+FFFD in their "
                                "place"])

    def test_by_name(self):
        table = put("by_name.csv", "k,n\na,1\n")
        lines = put("by_name.jsonl", '{"k":"b"}\n')
        with cosend.Pipeline("pass") as pipeline:
            self.assertEqual(list(pipeline.read(table)), [{"k": "a", "n": "1"}])
            self.assertEqual(list(pipeline.read(lines)), [{"k": "b"}])
            self.assertEqual(list(pipeline.rows(table)), [("a", "1")])
            with self.assertRaisesRegex(cosend.Error, "must agree"):
                list(pipeline.read(table, lines))
        with cosend.Pipeline("pass", format="text") as pipeline:
            self.assertEqual([row["line"] for row in pipeline.read(table)],
                             ["k,n", "a,1"])
        to = os.path.join(FOLDER, "by_name.out.jsonl")
        with cosend.Pipeline("pass", to=to) as pipeline:
            pipeline.run(table)
            with self.assertRaisesRegex(cosend.Error, "by_name.out"):
                pipeline.read(table)
            with self.assertRaisesRegex(cosend.Error, "by_name.out"):
                pipeline.run(table, batch=print)
        with open(to) as file:
            self.assertEqual(file.read(), '{"k":"a","n":"1"}\n')
        with cosend.Pipeline("pass") as pipeline:
            pipeline.push(b"x\n")
            with self.assertRaisesRegex(cosend.Error, "not finished"):
                pipeline.read(table)
            pipeline.finish()
            batch, = pipeline.taken()
            self.assertEqual(batch.text(0), ["x"])

    def test_parameters(self):
        spec = {"params": {"not": {"type": "bool"}},
                "steps": [{"grep": {"pattern": "a", "invert": "${not}"}}]}
        self.assertEqual(rows(spec, b"a\nb\n", parameters={"not": True}),
                         [{"line": "b"}])

    def test_compressed(self):
        name = os.path.join(FOLDER, "packed.gz")
        with gzip.open(name, "wb") as file:
            file.write(b"a\n")
        self.assertEqual(list(cosend.Pipeline("pass").read(name)),
                         [{"line": "a"}])
        batches = []
        cosend.Pipeline("pass").run(name, batch=batches.append)
        self.assertEqual(batches[0].text(0), ["a"])

    def test_closed_inside(self):
        pipeline = cosend.Pipeline("average n", format="csv",
                                   on_reject=lambda bad: pipeline.close())
        with self.assertRaisesRegex(cosend.Error, "closed the pipeline"):
            list(pipeline.read(pieces=[b"n\nx\n"]))

    def test_records_in(self):
        with cosend.Pipeline("average n by=k") as pipeline:
            pipeline.push_record({"k": "\u00e9", "n": 1})
            pipeline.push_record({"k": None, "n": 2.5})
            with self.assertRaises(cosend.Error) as failed:
                pipeline.push_record({"n": 1, "k": 2})
            self.assertEqual(failed.exception.kind, "usage")

    def test_mistakes(self):
        with self.assertRaises(cosend.Error) as failed:
            cosend.Pipeline("coun | gre x")
        self.assertEqual([place for place, _ in failed.exception.problems],
                         ["<line>:1:1", "<line>:1:8"])
        with self.assertRaises(cosend.Error) as failed:
            rows("where m > 1", b"n\n1\n", format="csv")
        self.assertEqual(failed.exception.kind, "unknown_column")
        with self.assertRaises(cosend.Error):
            cosend.Pipeline("pass", format="cvs")
        for wrong in ({"threads": -1}, {"batch_size": 1 << 40},
                      {"max_errors": -1}, {"parameters": {"a": "b\0"}}):
            with self.assertRaises(cosend.Error):
                cosend.Pipeline("pass", **wrong)
        with self.assertRaisesRegex(cosend.Error, "NUL"):
            cosend.Pipeline("grep a\0b")
        with self.assertRaisesRegex(cosend.Error, "/none") as failed:
            list(cosend.Pipeline("pass").read("/none"))
        self.assertEqual(failed.exception.kind, "input")
        closed = cosend.Pipeline("pass")
        closed.close()
        with self.assertRaises(cosend.Error):
            closed.push(b"x")

    def test_rejects(self):
        rejects = []
        rows("average n", b"n\n1\nx\n", format="csv", on_reject=rejects.append)
        self.assertEqual([(r.line, r.step, r.kind, r.raw) for r in rejects],
                         [(3, "average", "not_a_number", b"x")])

        def refuse(reject):
            raise ValueError(reject.kind)
        with self.assertRaisesRegex(ValueError, "not_a_number"):
            rows("average n", b"n\n1\nx\n", format="csv", on_reject=refuse)

    def test_ends(self):
        name = os.path.join(FOLDER, "text")
        for record in cosend.Pipeline("grep .").read(name):
            break
        self.assertEqual(len(list(cosend.Pipeline("head 3").read(name))), 3)
        counts = []
        pipeline = cosend.Pipeline("grep .", batch_size=10)
        pipeline.run(name, batch=lambda batch: counts.append(len(batch)) or
                     cosend.STOP)
        self.assertEqual(counts, [10])
        self.assertEqual(pipeline.ledgers()["callback"]["absorbed"], 10)

        def interrupt(batch):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            cosend.Pipeline("grep .").run(name, batch=interrupt)

    def test_left_half_way(self):
        name = put("half.csv", "n\n" + "1\n" * 20000)
        for threads in 1, 4:
            pipeline = cosend.Pipeline("pass", threads=threads)
            records = pipeline.read(name)
            self.assertEqual(next(records), {"n": "1"})
            del records
            with self.assertRaisesRegex(cosend.Error, "closed"):
                pipeline.flush()
            with self.assertRaises(ZeroDivisionError):
                with cosend.Pipeline("pass", threads=threads) as pipeline:
                    for record in pipeline.read(name):
                        1 / 0
            records = cosend.Pipeline("sort n", threads=threads).read(name)
            next(records)
            ring = [records]
            ring.append(ring)
            del records, ring
        pipeline = cosend.Pipeline("pass")
        records = pipeline.read(name)
        next(records)
        pipeline.close()
        with self.assertRaisesRegex(cosend.Error, "closed"):
            list(records)

    def test_a_spec_names_its_files(self):
        name = put("named.csv", "n\n1\n2\n")
        spec = {"from": {"file": name}, "steps": [{"head": 1}]}
        with cosend.Pipeline(spec) as pipeline:
            self.assertEqual(list(pipeline.read()), [{"n": "1"}])
            pipeline.push(b"n\n3\n")
            pipeline.finish()
            batch, = pipeline.taken()
            self.assertEqual(batch.text("line"), ["n"])

    def test_dropped(self):
        """One that nobody knows any more goes at once, without the gc."""
        gc.disable()
        try:
            pipeline = cosend.Pipeline("sort line", on_reject=print,
                                       on_warning=print)
            pipeline.push(b"b\na\n")
            gone = weakref.ref(pipeline)
            del pipeline
            self.assertIsNone(gone())
        finally:
            gc.enable()

    def test_interrupts(self):
        """While it waits; while it works, before a callback's first line."""
        fifo = os.path.join(FOLDER, "fifo")
        if not os.path.exists(fifo):
            os.mkfifo(fifo)
        for drive in (lambda of: of.run(fifo, batch=lambda batch: None),
                      lambda of: list(of.read(fifo))):
            writer = os.open(fifo, os.O_RDWR)
            os.write(writer, b"a\n")
            with Pestering(), self.assertRaises(KeyboardInterrupt):
                drive(cosend.Pipeline("pass"))
            os.close(writer)
        name = put("busy", "x\n" * 50000)
        with Pestering(), self.assertRaises(KeyboardInterrupt):
            while True:
                cosend.Pipeline("pass", batch_size=1).run(
                    name, batch=lambda batch: None)

    def test_stop_and_close_from_threads(self):
        name = put("race", "x\n" * 20000)
        for i in range(40):
            pipeline = cosend.Pipeline("pass", batch_size=100)
            begun, over = threading.Event(), threading.Event()

            def stop():
                begun.wait()
                while not over.is_set():
                    pipeline.stop()

            def close():
                begun.wait()
                pipeline.close()
            others = [threading.Thread(target=of) for of in (stop, close)]
            for other in others:
                other.start()
            try:
                pipeline.run(name, batch=lambda batch: begun.set())
            except cosend.Error as error:
                self.assertIn("closed", error.message)
            over.set()
            for other in others:
                other.join()
            pipeline.stop()
            pipeline.close()

    def test_one_run_at_a_time(self):
        names = [put(name + ".csv", "x\n" + (name + "\n") * 5000)
                 for name in "ab"]
        pipeline = cosend.Pipeline("grep .", batch_size=100)
        first, second = map(pipeline.rows, names)
        self.assertEqual(next(first), ("a",))
        self.assertEqual(next(second), ("b",))
        with self.assertRaisesRegex(cosend.Error, "another run"):
            list(first)
        self.assertEqual(len(list(second)), 4999)

    def test_a_run_has_its_own_batches_alone(self):
        name = put("one.csv", "x\nnew\n")
        pipeline = cosend.Pipeline("grep .", format="csv")
        pipeline.push(b"x\nold\n")
        with self.assertRaisesRegex(cosend.Error, "not finished"):
            pipeline.run(name, batch=print)
        pipeline.finish()
        self.assertEqual(list(pipeline.read(name)), [{"x": "new"}])
        seen = []
        pipeline.run(name, batch=seen.extend)
        self.assertEqual(list(pipeline.read(pieces=[b"x\nlast\n"])),
                         [{"x": "last"}])
        self.assertEqual(list(pipeline.read(pieces=[b"x\nmore\n"])),
                         [{"x": "more"}])
        self.assertEqual(seen, [{"x": "new"}])

    def test_nested_cells_are_as_they_were_written(self):
        nested = '{ "x":1.10, "y":[123456789.123456789012,1e2] }'
        data = '{"a":%s,"b":2}\n{"a":[ ]}\n{"a":"t"}\n' % nested
        for line in "pass", "select a,b":
            with cosend.Pipeline(line, format="jsonl") as pipeline:
                [batch] = pipeline.batches(pieces=[data.encode()])
            self.assertEqual(batch.text("a"), [nested, "[ ]", "t"])
            self.assertEqual(batch.bytes("b"), [b"2", b"", b""])
            self.assertEqual(batch.values("a")[1:], [[], "t"])

    def test_json_lines_keep_their_bytes(self):
        data = b'{"n":1.10,"o":{"a":"\xc3\xbc"},"e":1e400}\n'
        with cosend.Pipeline("grep .", format="jsonl") as pipeline:
            batch, = pipeline.batches(pieces=[data])
        self.assertEqual([batch.text(name)[0] for name in "noe"],
                         ["1.10", '{"a":"\u00fc"}', "1e400"])

    def test_closed_by_its_callback(self):
        pipeline = cosend.Pipeline("grep .")
        with self.assertRaises(cosend.Error) as failed:
            pipeline.run(os.path.join(FOLDER, "text"),
                         batch=lambda batch: pipeline.close())
        self.assertEqual(failed.exception.kind, "aborted")

    def test_offsets_are_none_below_0(self):
        with self.assertRaisesRegex(cosend.Error, "offset cannot be -5"):
            cosend.Pipeline("grep .").begin_file("f", -5)

    def test_counts_while_another_closes(self):
        for _ in range(200):
            pipeline = cosend.Pipeline("grep .")
            pipeline.push(b"x\n")
            other = threading.Thread(target=pipeline.close)
            other.start()
            pipeline.ledgers(), pipeline.results(), pipeline.errors
            other.join()

    def test_another_thread_drives(self):
        pipeline, said = cosend.Pipeline("pass"), []

        def drive():
            try:
                pipeline.push(b"x\n")
            except cosend.Error as error:
                said.append(error.message)

        def take(batch):
            other = threading.Thread(target=drive)
            other.start()
            other.join()
        pipeline.run(os.path.join(FOLDER, "text"), batch=take)
        self.assertIn("another thread", said[0])

    def test_driving_from_a_callback(self):
        pipeline = cosend.Pipeline("grep .")
        seen = []

        def drive(batch):
            for wrong in (lambda: pipeline.push(b"more\n"),
                          lambda: list(pipeline.read("/none")),
                          lambda: pipeline.run("/none"), pipeline.finish):
                with self.assertRaisesRegex(cosend.Error, "at work") as failed:
                    wrong()
            seen.append(failed.exception.kind)
            pipeline.close()
            with self.assertRaises(cosend.Error):
                pipeline.push(b"more\n")
        with self.assertRaises(cosend.Error):
            pipeline.run(os.path.join(FOLDER, "text"), batch=drive)
        self.assertEqual(seen, ["usage"])


# A shell has what it starts in the background ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
unittest.main()
