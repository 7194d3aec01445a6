# SPDX-License-Identifier: MIT
"""What cosend.py does with mistakes, odd bytes, early ends and exceptions.

    PYTHONPATH=PREFIX/share/cosend python3 test_module.py FOLDER
"""
import gzip
import os
import sys
import unittest

import cosend

FOLDER = sys.argv.pop(1)


def rows(text, data, **options):
    with cosend.Pipeline(text, **options) as pipeline:
        return list(pipeline.read(pieces=[data]))


class Module(unittest.TestCase):
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

    def test_parameters(self):
        spec = {"params": {"not": {"type": "bool"}},
                "steps": [{"grep": {"pattern": "a", "invert": "${not}"}}]}
        self.assertEqual(rows(spec, b"a\nb\n", parameters={"not": True}),
                         [{"line": "b"}])

    def test_compressed(self):
        name = os.path.join(FOLDER, "packed.gz")
        with gzip.open(name, "wb") as file:
            file.write(b"a\n")
        with self.assertRaisesRegex(cosend.Error, "compressed"):
            list(cosend.Pipeline("pass").read(name))
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
        with self.assertRaises(FileNotFoundError):
            list(cosend.Pipeline("pass").read("/none"))
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

    def test_driving_from_a_callback(self):
        pipeline = cosend.Pipeline("grep .")
        seen = []

        def drive(batch):
            with self.assertRaises(cosend.Error) as failed:
                pipeline.push(b"more\n")
            seen.append(failed.exception.kind)
            pipeline.close()
            with self.assertRaises(cosend.Error):
                pipeline.push(b"more\n")
        with self.assertRaises(cosend.Error):
            pipeline.run(os.path.join(FOLDER, "text"), batch=drive)
        self.assertEqual(seen, ["usage"])


unittest.main()
