# SPDX-License-Identifier: MIT
"""Three pipelines and a mistake, from Python; see tests/hosts/README.md.

    PYTHONPATH=PREFIX/share/cosend python3 host.py text FILE
"""
import json
import sys

import cosend


def text(name):
    """Bytes in, as a socket would give them; what a step returned."""
    with cosend.Pipeline("grep ERROR | count") as pipeline:
        with open(name, "rb") as file:
            while piece := file.read(1000):
                pipeline.push(piece)
        pipeline.finish()
        print(pipeline.results()["count"]["count"])


def table(name):
    """A spec with a parameter; batches of columns; rejects."""
    spec = {"params": {"least": {"type": "int"}},
            "steps": [{"where": "ms >= ${least}", "id": "slow",
                       "on_error": "reject"},
                      {"average": {"field": "ms", "by": ["host"]}}]}

    def refuse(reject):
        print(reject.line, reject.step, reject.kind, reject.raw.decode(),
              file=sys.stderr)

    with cosend.Pipeline(spec, format="csv", parameters={"least": 6},
                         on_reject=refuse) as pipeline:
        names = None
        for batch in pipeline.batches(name):
            if not names:
                names = batch.names
                print(",".join(names))
            for row in zip(*map(batch.text, names)):
                print(",".join(row))


def records(name):
    """Records one by one, as dicts."""
    with cosend.Pipeline("set 'd = ms * 2' | select host,d,x",
                         format="jsonl") as pipeline:
        for record in pipeline.read(name):
            print(json.dumps(record, separators=(",", ":"),
                             ensure_ascii=False))


def mistake(name):
    with cosend.Pipeline("where mss > 1", format="csv") as pipeline:
        for record in pipeline.read(name):
            print(record)


def raising(name):
    """What a callback raises comes out of the call that drives it."""
    def count(batch):
        raise KeyError(len(batch))

    try:
        cosend.Pipeline("grep .").run(name, batch=count)
    except KeyError:
        print("KeyError came out")


try:
    {"text": text, "table": table, "records": records, "mistake": mistake,
     "raising": raising}[sys.argv[1]](sys.argv[2])
except cosend.Error as error:
    sys.exit(error.message)
