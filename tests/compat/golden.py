"""Loads the golden vectors and tells where a decoded packet differs from what its vector says it means.

Promise: every entry of `index.json` is decoded and compared, and an entry that cannot be compared is an error, never passed over. Form of
an entry: `name`; `hex`, or `file` beside the index; optional `framing`: "packet" (the default), "stream", or "fragments" (`hex` is then a
list); `keys` of a sealed packet; and `means`, a part of what the decoder gives for it, or `refused`, true. What it does not do: judge fields that `means` leaves out.
"""

import json
import pathlib

import tidings_decode

INDEX = pathlib.Path(__file__).resolve().parents[2] / "sdk" / "wire" / "vectors" / "index.json"
DECODERS = {"packet": tidings_decode.decode_packet, "stream": tidings_decode.decode_stream, "fragments": tidings_decode.decode_fragments}


def load(index=INDEX):
    """The entries of the index, each with its bytes under `data`."""
    entries = json.loads(index.read_text(encoding="utf-8"))
    return [{**entry, "data": data_of(entry, index.parent)} for entry in entries]


def data_of(entry, folder):
    if "hex" not in entry:
        return (folder / entry["file"]).read_bytes()
    if isinstance(entry["hex"], list):
        return [bytes.fromhex(part) for part in entry["hex"]]
    return bytes.fromhex(entry["hex"])


def differences(entry):
    """Where the decoder and the vector differ, a line each; empty if they agree."""
    decode = DECODERS[entry.get("framing", "packet")]
    keys = [entry["keys"]] if "keys" in entry else []
    try:
        decoded = decode(entry["data"], *keys)
    except tidings_decode.DecodeError as reason:
        return [] if entry.get("refused") else [f"refused: {reason}"]
    if entry.get("refused"):
        return ["decoded, but it must be refused"]
    return list(unlike(decoded, entry["means"], "packet"))


def unlike(decoded, means, at):
    """Yields each place where `decoded` is not what `means` says; dicts may hold more than it says."""
    if isinstance(means, dict) and isinstance(decoded, dict):
        for name, wanted in means.items():
            yield from unlike(decoded[name], wanted, f"{at}.{name}") if name in decoded else [f"{at}.{name}: the decoder has no such field"]
    elif isinstance(means, list) and isinstance(decoded, list) and len(means) == len(decoded):
        for i, (have, wanted) in enumerate(zip(decoded, means)):
            yield from unlike(have, wanted, f"{at}[{i}]")
    elif type(means) is not type(decoded) or means != decoded:
        yield f"{at}: decoded {decoded!r}, the vector says {means!r}"
