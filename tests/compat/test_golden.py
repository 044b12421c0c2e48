"""Decodes every golden vector and compares it with its stated meaning; fails if there are none.

What it does not do: test the decoder by itself, which `test_decode.py` does.
"""

import json
import pathlib
import tempfile
import unittest

import golden
from test_decode import PACKETS


class Golden(unittest.TestCase):
    def test_every_vector_means_what_it_says(self):
        entries = golden.load()
        self.assertTrue(entries, "the index is empty")
        for entry in entries:
            with self.subTest(entry["name"]):
                self.assertEqual(golden.differences(entry), [])


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
