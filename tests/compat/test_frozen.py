"""Holds every golden vector against the sum under which it was frozen: bytes that were committed once are never changed and never taken away.

`python3 tests/compat/test_frozen.py --add` freezes vectors that are new; it touches no line that is there. What it does not do: say what the bytes mean.
"""

import hashlib
import pathlib
import sys
import unittest

import golden

LEDGER = pathlib.Path(__file__).with_name("frozen.txt")


def sums():
    """The sum of the bytes of each vector, by name."""
    return {entry["name"]: total(entry) for entry in golden.load()}


def total(entry):
    """Over the framing, then each datagram with its length: what is cut elsewhere is another vector."""
    parts = entry["data"] if isinstance(entry["data"], list) else [entry["data"]]
    text = [entry.get("framing") or "packet"] + [part.hex() for part in parts]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def frozen():
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    return {name: told for told, name in (line.split("  ", 1) for line in lines)}


class Frozen(unittest.TestCase):
    def test_each_frozen_vector_is_there_unchanged(self):
        now = sums()
        self.assertTrue(frozen(), "nothing is frozen")
        for name, told in frozen().items():
            with self.subTest(name):
                self.assertIn(name, now, "a frozen vector was taken away")
                self.assertEqual(now[name], told, "the bytes of a frozen vector were changed")

    def test_each_vector_is_frozen(self):
        new = sorted(set(sums()) - set(frozen()))
        self.assertEqual(new, [], "freeze what is new: python3 tests/compat/test_frozen.py --add")

    def test_names_are_frozen_once(self):
        lines = LEDGER.read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(lines), len(frozen()))


def add():
    known = frozen() if LEDGER.exists() else {}
    with LEDGER.open("a", encoding="utf-8") as ledger:
        for name, told in sums().items():
            if name not in known:
                ledger.write(f"{told}  {name}\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--add"]:
        add()
    else:
        unittest.main()
