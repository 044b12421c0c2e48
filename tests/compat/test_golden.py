"""Decodes every golden vector and compares it with its stated meaning, and recomputes digests; fails if there are none.

What it does not do: test the decoder by itself, which `test_decode.py` does.
"""

import json
import pathlib
import tempfile
import unittest

import golden
import tidings_decode
from test_decode import PACKETS


class Golden(unittest.TestCase):
    def test_every_vector_means_what_it_says(self):
        entries = golden.load()
        self.assertTrue(entries, "the index is empty")
        for entry in entries:
            with self.subTest(entry["name"]):
                self.assertEqual(golden.differences(entry), [])


class Replay(unittest.TestCase):
    """Plays the vector of a whole conversation as a host would and recomputes every digest in it."""

    def setUp(self):
        self.facts = {}
        self.compared = None
        self.checked = 0

    def test_every_digest_is_that_of_the_facts_so_far(self):
        entry, = (entry for entry in golden.load() if entry["name"] == "sync/a whole conversation")
        packets = tidings_decode.decode_stream(entry["data"])
        at_boot = packets[0]["body"]
        self.compared = mask(at_boot["compared"])
        for packet in packets[1:]:
            getattr(self, packet["body"]["type"])(packet["body"])
            if packet["body"]["type"] == "range":
                self.total(at_boot["total"])
        self.assertEqual(self.checked, 4, "a total in Hello, one in Delta, Beat, and Buckets each")

    def total(self, told, bits=64):
        self.assertEqual(tidings_decode.total_digest(self.facts, self.compared) % (1 << bits), told)
        self.checked += 1

    def range(self, body):
        for segment in body["segments"]:
            self.assertEqual((segment["from"], segment["last"]), (None, True))
            for fact in segment["facts"]:
                self.facts[kind_number(fact["kind"]), bytes.fromhex(fact["key"])] = bytes.fromhex(fact["value"])

    def delta(self, body):
        for record in body["records"]:
            at = kind_number(record["kind"]), bytes.fromhex(record["key"])
            if record["value"] is None:
                del self.facts[at]
            else:
                self.facts[at] = bytes.fromhex(record["value"])
        self.total(body["digest"], 32)

    def beat(self, body):
        self.total(body["digest"], 32)

    def buckets(self, body):
        self.total(body["total"])
        digests = tidings_decode.kind_digests(self.facts)
        self.assertEqual(body["digests"], [{"kind": name, "digest": digests[kind_number(name)] & 0xFFFFFFFF} for name in body["compared"]])


def kind_number(name):
    return name if isinstance(name, int) else tidings_decode.KINDS.index(name)


def mask(names):
    return sum(1 << kind_number(name) for name in names)


class Loader(unittest.TestCase):
    def load(self, *entries):
        with tempfile.TemporaryDirectory() as folder:
            index = pathlib.Path(folder, "index.json")
            pathlib.Path(folder, "beat.bin").write_bytes(PACKETS["beat"])
            index.write_text(json.dumps(entries), encoding="utf-8")
            return golden.load(index)

    def test_agreement_is_silent(self):
        beat = PACKETS["beat"].hex()
        stuffed = b"\0" + b"".join(bytes([len(run) + 1]) + run for run in PACKETS["beat"].split(b"\0")) + b"\0"
        for entry in self.load({"name": "a", "hex": beat, "means": {"epoch": 1, "body": {"type": "beat", "seq": 5}}},
                               {"name": "b", "file": "beat.bin", "means": {"ctr": 0}},
                               {"name": "c", "hex": stuffed.hex(), "framing": "stream", "means": [{"ctr": 0}]},
                               {"name": "d", "hex": ["0180" + beat], "framing": "fragments", "means": {"ctr": 0}},
                               {"name": "e", "hex": beat[:-2], "refused": True}):
            self.assertEqual(golden.differences(entry), [])

    def test_each_difference_is_told(self):
        beat = PACKETS["beat"].hex()
        for entry in self.load({"name": "a", "hex": beat, "means": {"epoch": 2}}, {"name": "b", "hex": beat, "means": {"no such": 1}},
                               {"name": "c", "hex": beat[:-2], "means": {}}, {"name": "d", "hex": beat, "refused": True},
                               {"name": "e", "hex": beat, "means": {"body": {"one_way": 0}}}):
            self.assertEqual(len(golden.differences(entry)), 1, entry["name"])
        with self.assertRaises(KeyError):
            golden.differences({"name": "f", "data": PACKETS["beat"]})


if __name__ == "__main__":
    unittest.main()
