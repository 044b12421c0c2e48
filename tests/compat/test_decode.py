"""Proves the decoder against bytes put together by hand from `sdk/wire/SPEC.md` and against published test values.

The bytes here are spelled out field by field; nothing is built with the decoder's own code. Run: `python3 -m unittest discover tests/compat`.
What it does not do: compare with the golden vectors, which `test_golden.py` does.
"""

import json
import random
import unittest
import zlib

import tidings_decode as t


def seal(data):
    """The bytes with their check behind them."""
    return data + zlib.crc32(data).to_bytes(4, "little")


def up(body, head=b"\x20\x01\x00"):
    """An uplink packet: version 1, plain, no kid, no id, epoch 1, ctr 0, unless `head` says otherwise."""
    return seal(head + body)


def down(body, head=b"\x30\x01"):
    return seal(head + body)


def put(kind, key, value):
    """A record of op 0; the length of the value fits one byte of varint here."""
    assert len(value) < 128
    return bytes([kind << 2, len(key)]) + key + bytes([len(value)]) + value


def s(word):
    """A short `str` or `bytes`."""
    data = word.encode() if isinstance(word, str) else word
    return bytes([len(data)]) + data


DELTA = b"\x01\x00\x01"
HELLO = (b"\x30\x05\x00\x07" + b"\x03\x40\x00" + bytes(range(1, 9)) + b"\x05\xac\x02\x09" + b"CHALLENG" + b"\x78\x56\x34\x12")
EVENT = b"\x0a\x04\x64\x03bob\x03ssh"
SECTION = b"\x02" + b"\x42\x07" + EVENT + b"\x04\x01\x00\x00\x00" + b"\xc0\x09"
BEAT = b"\x03\x05\x44\x33\x22\x11"
BUCKETS = b"\x04\x05\x83\x04\x04\x02" + bytes(range(1, 9)) + b"\x01\0\0\0\x02\0\0\0\x03\0\0\0"
RANGE = b"\x02\x05" + b"\x20\x02\x01\x0e\x02\x05\x00\x01\x0f\x00" + b"\x41\x01\x02\x01\x03\x02\x61\x00\x00"
ACK = b"\x00\x2a\xf5\x05\x41\x01\x02\x03\x04" + b"\x78\x56\x34\x12" + b"\x0a" + b"CHALLENG" + b"\x07\x01\x02hi"
STALE = b"\x01\x2a\x09"
PACKETS = {
    "hello": up(HELLO),
    "delta": up(b"\xc1" + SECTION + b"\x04\x02\xdd\xcc\xbb\xaa" + put(0, b"\x0e", b"\x05\x02ab") + b"\x07\x01\x0f\x64\x03" + b"\x80\x02zz"),
    "range": up(RANGE), "beat": up(BEAT), "buckets": up(BUCKETS), "ack": down(ACK), "stale": down(STALE),
    "with kid and id": up(BEAT, b"\x23\x05\x03abc\x01\x80\x01"),
}


class Case(unittest.TestCase):
    def refused(self, call, *args):
        with self.assertRaises(t.DecodeError):
            call(*args)


class Primitives(Case):
    def test_a_varint_has_one_encoding(self):
        for data, value in ((b"\0", 0), (b"\x7f", 127), (b"\x80\x01", 128), (b"\xff\xff\xff\xff\x0f", 0xFFFFFFFF)):
            self.assertEqual(t.Reader(data).varint(32), value)
            self.assertEqual(t.Trimmed(data).varint(32), value)
        for data in (b"\x80\0", b"\xff\0", b"\x80\x80\0", b"\x80\x80\x80\x80\0", b"\x80", b""):
            self.refused(t.Reader(data).varint, 32)

    def test_a_varint_ends_at_its_width(self):
        ends = {16: b"\xff\xff\x03", 32: b"\xff\xff\xff\xff\x0f", 56: b"\xff" * 7 + b"\x7f", 64: b"\xff" * 9 + b"\x01"}
        for width, data in ends.items():
            self.assertEqual(t.Reader(data).varint(width), (1 << width) - 1)
            self.refused(t.Reader(b"\x80" * (len(data) - 1) + bytes([data[-1] + 1])).varint, width)
            self.refused(t.Reader(b"\x80" * len(data) + b"\x01").varint, width)

    def test_zigzag_takes_both_ends(self):
        for raw, value in ((b"\0", 0), (b"\x01", -1), (b"\x02", 1), (b"\xff" * 9 + b"\x01", -2 ** 63), (b"\xfe" + b"\xff" * 8 + b"\x01", 2 ** 63 - 1)):
            self.assertEqual(t.Reader(raw).zigzag(64), value)

    def test_fixed_width_is_little_endian(self):
        self.assertEqual(t.Reader(b"\x01\x02\x03\x04").u32le(), 0x04030201)
        self.assertEqual(t.Reader(b"\x01\x02\x03\x04\x05\x06\x07\x08").u64le(), 0x0807060504030201)

    def test_text_is_utf8(self):
        self.assertEqual(t.Trimmed(s("é")).str(), "é")
        self.refused(t.Trimmed(b"\x01\xff").str)

    def test_missing_fields_are_zero_but_half_a_field_is_not(self):
        r = t.Trimmed(b"")
        self.assertEqual((r.u8(), r.u16(), r.zigzag(64), r.str(), r.hex(), r.many(r.str)), (0, 0, 0, "", "", []))
        for data in (b"\x02a", b"\x80"):
            self.refused(t.Trimmed(data).str)
        self.refused(lambda r: r.many(r.str), t.Trimmed(b"\x02\x01a"))


class PublishedValues(Case):
    def test_crc(self):
        self.assertEqual(t.checked(b"123456789" + (0xCBF43926).to_bytes(4, "little")), b"123456789")
        self.refused(t.checked, b"123456789" + (0xCBF43926).to_bytes(4, "big"))

    def test_siphash(self):
        outputs = {0: "310e0edd47db6f72", 1: "fd67dc93c539f874", 8: "6224939a79f5f593", 15: "e545be4961ca29a1"}
        for length, output in outputs.items():
            self.assertEqual(t.siphash24(bytes(range(16)), bytes(range(length))).to_bytes(8, "little").hex(), output)

    def test_cobs(self):
        def run(a, b):
            return bytes(range(a, b + 1))
        pairs = [(b"\0", b"\1\1"), (b"\0\0", b"\1\1\1"), (b"\0\x11\0", b"\1\2\x11\1"), (b"\x11\x22\0\x33", b"\3\x11\x22\2\x33"),
                 (b"\x11\x22\x33\x44", b"\5\x11\x22\x33\x44"), (b"\x11\0\0\0", b"\2\x11\1\1\1"), (run(1, 254), b"\xff" + run(1, 254)),
                 (run(0, 254), b"\1\xff" + run(1, 254)), (run(1, 255), b"\xff" + run(1, 254) + b"\2\xff"),
                 (run(2, 255) + b"\0", b"\xff" + run(2, 255) + b"\1\1"), (run(3, 255) + b"\0\1", b"\xfe" + run(3, 255) + b"\2\1")]
        for plain, stuffed in pairs:
            self.assertEqual(t.cobs_decode(stuffed), plain)
        for bad in (b"", b"\2", b"\3a", b"\2\0", b"\0", b"\1\0"):
            self.refused(t.cobs_decode, bad)


class Messages(Case):
    def body(self, name):
        return t.decode_packet(PACKETS[name])["body"]

    def test_hello(self):
        self.assertEqual(self.body("hello"), {
            "type": "hello", "one_way": False, "events": None, "seq": 5, "minor": 0, "schema_rev": 7, "compared": ["identity", "software"],
            "off": ["setting"], "acc_epoch": 0, "total": 0x0807060504030201, "boot_reason": "watchdog", "uptime_s": 300, "resets": 9,
            "challenge": b"CHALLENG".hex(), "instance": 0x12345678, "later": ""})

    def test_hello_without_options_ignores_what_a_later_minor_adds(self):
        body = t.decode_packet(up(b"\x00" + HELLO[1:-12] + b"new"))["body"]
        self.assertEqual((body["challenge"], body["instance"], body["later"]), (None, None, b"new".hex()))

    def test_delta(self):
        body = self.body("delta")
        self.assertEqual((body["base"], body["upto"], body["digest"]), (4, 6, 0xAABBCCDD))
        first, second, third = body["records"]
        self.assertEqual(first, {
            "op": "put", "kind": "identity", "key": "0e", "value": "05026162", "unread": None, "age": None, "count": None,
            "means": {"key": {"claim": "swname"}, "value": {"type": "str", "value": "ab"}}})
        self.assertEqual((second["op"], second["kind"], second["value"], second["age"], second["count"]), ("remove told", "software", None, 100, 3))
        self.assertEqual(third, {"op": "extension", "tag": 128, "bytes": b"zz".hex()})

    def test_delta_tells(self):
        record, = t.decode_packet(up(DELTA + b"\x06\x02\x02\x00\x01\x05\xff\xff\xff\xff\x0f\xff"))["body"]["records"]
        self.assertEqual((record["op"], record["kind"], record["value"], record["age"], record["count"]), ("put told", "software", "05", 0xFFFFFFFF, 255))

    def test_range(self):
        body = self.body("range")
        self.assertEqual(body["as_of"], 5)
        whole, part = body["segments"]
        self.assertEqual((whole["kind"], whole["from"], whole["last"], [f["key"] for f in whole["facts"]]), ("identity", None, True, ["0e", "0f"]))
        self.assertEqual((part["kind"], part["from"], part["last"], [f["key"] for f in part["facts"]]), ("software", "02", False, ["026100"]))

    def test_beat(self):
        self.assertEqual(self.body("beat"), {"type": "beat", "one_way": False, "events": None, "seq": 5, "digest": 0x11223344, "later": ""})
        self.assertTrue(t.decode_packet(up(b"\x13" + BEAT[1:]))["body"]["one_way"])

    def test_buckets(self):
        body = self.body("buckets")
        self.assertEqual(body["compared"], ["identity", "software", "update"])
        self.assertEqual(body["digests"], [{"kind": "identity", "digest": 1}, {"kind": "software", "digest": 2}, {"kind": "update", "digest": 3}])

    def test_events(self):
        notice, critical = t.decode_packet(up(b"\x83" + b"\x02" + b"\x42\x07" + EVENT + b"\x05\x00\x00\x00\x01A" + b"\xc0\x09" + BEAT[1:]))["body"]["events"]
        self.assertEqual((notice["severity"], notice["first"]), ("notice", 7))
        self.assertEqual(notice["events"], [
            {"type": "login failed", "age": 100, "actor": b"bob".hex(), "data": b"ssh".hex(), "origin": None, "later": "", "means": None},
            {"type": "text", "age": 0, "actor": "", "data": b"A".hex(), "origin": None, "later": "", "means": {"text": "A"}}])
        self.assertEqual(critical, {"severity": "critical", "first": 9, "events": []})

    def test_a_crash_tells_where(self):
        crash = b"\x0c\x07\x00\x00\x08\x01\0\0\x08\x02\0\0\x08"
        group, = t.decode_packet(up(b"\x83\x01\xc1\x01" + crash + BEAT[1:]))["body"]["events"]
        self.assertEqual(group["events"][0]["means"], {"pc": 0x08000001, "lr": 0x08000002})

    def test_an_event_ignores_later_fields(self):
        group, = t.decode_packet(up(b"\x83\x01\x01\x01\x09\x00\x00\x00\x00\x07\x01\x3czz" + BEAT[1:]))["body"]["events"]
        told = group["events"][0]
        self.assertEqual((told["origin"], told["later"]), ({"epoch": 7, "number": 1, "uptime_s": 60}, b"zz".hex()))
        group, = t.decode_packet(up(b"\x83\x01\x01\x01\x07\x00\x00\x00\x00\x00zz" + BEAT[1:]))["body"]["events"]
        told = group["events"][0]
        self.assertEqual((told["origin"], told["later"]), (None, b"zz".hex()))

    def test_an_origin_counts_from_1(self):
        for origin in (b"\x01\x00\x00", b"\x01\x01"):
            fields = b"\x00\x00\x00\x00" + origin
            with self.assertRaises(t.DecodeError):
                t.decode_packet(up(b"\x83\x01\x01\x01" + bytes([len(fields)]) + fields + BEAT[1:]))

    def test_an_unknown_type_keeps_its_events(self):
        body = t.decode_packet(up(b"\x8f\x01\xc0\x09xyz"))["body"]
        self.assertEqual((body["type"], body["events"][0]["first"], body["bytes"]), (15, 9, b"xyz".hex()))

    def test_ack(self):
        self.assertEqual(self.body("ack"), {
            "type": "ack", "echo": 42, "flags": ["need_hello", "not_applied"], "applied": 5, "want": ["identity", "setting"], "mark": [1, 2, 3, 4],
            "instance": 0x12345678, "retry_after_s": 10, "challenge": b"CHALLENG".hex(), "command": {"id": 7, "code": 1, "args": b"hi".hex()},
            "later": ""})

    def test_each_option_of_an_ack_has_its_own_flag(self):
        options = {0x10: ("instance", b"\1\0\0\0", 1), 0x20: ("retry_after_s", b"\2", 2), 0x40: ("challenge", b"CHALLENG", b"CHALLENG".hex()),
                   0x80: ("command", b"\3\4\0", {"id": 3, "code": 4, "args": ""})}
        for flag, (name, data, meaning) in options.items():
            body = t.decode_packet(down(b"\0\x2a" + bytes([flag]) + bytes(6) + data))["body"]
            found = {option: body[option] for option, _, _ in options.values() if body[option] is not None}
            self.assertEqual((found, body["flags"], body["later"]), ({name: meaning}, [], ""))

    def test_stale_and_reserved(self):
        self.assertEqual(self.body("stale"), {"type": "stale", "echo": 42, "known": 9, "later": ""})
        self.assertEqual(t.decode_packet(down(b"\x03\x2axy"))["body"], {"type": "time", "echo": 42, "bytes": b"xy".hex()})

    def test_envelope(self):
        packet = t.decode_packet(PACKETS["with kid and id"])
        self.assertEqual((packet["kid"], packet["id"], packet["epoch"], packet["ctr"], packet["direction"]), (5, b"abc".hex(), 1, 128, "up"))
        self.assertNotIn("ctr", t.decode_packet(PACKETS["ack"]))

    def test_every_packet_is_jsonable(self):
        for data in PACKETS.values():
            json.dumps(t.decode_packet(data))


class Kinds(Case):
    def means(self, kind, key, value):
        fact, = t.decode_packet(up(DELTA + put(kind, key, value)))["body"]["records"]
        self.assertIsNone(fact["unread"])
        return fact["means"]["key"], fact["means"]["value"]

    def test_scalars(self):
        forms = {b"": ("unknown", None), b"\1": ("unsupported", None), b"\2\1": ("bool", True), b"\2": ("bool", False), b"\3\3": ("int", -2),
                 b"\4\x80\x01": ("enum", 128), b"\5\1a": ("str", "a"), b"\6\1\xff": ("bytes", "ff"), b"\7\x08ABCDEFGH": ("keyed hash", b"ABCDEFGH".hex())}
        for value, (kind, meaning) in forms.items():
            self.assertEqual(self.means(0, b"\x81\x02", value), ({"claim": "serial number"}, {"type": kind, "value": meaning}))

    def test_software(self):
        full = s("1.2") + b"\1\4" + b"\x80\x80\1" + s(b"\xaa") + s(b"\xbb") + s("src") + s("2") + s(b"SBOMSBOM") + s("label") + s("arm")
        key, value = self.means(1, b"\2" + s("bash") + s("arm64"), full)
        self.assertEqual(key, {"ecosystem": "deb", "name": "bash", "architecture": "arm64"})
        self.assertEqual(value, {"version": "1.2", "state": "standby", "class": "kernel", "scheme": "semver", "digest": "aa", "build_id": "bb",
                                 "source": "src", "source_version": "2", "sbom": b"SBOMSBOM".hex(), "name": "label", "architecture": "arm"})
        self.assertEqual(self.means(1, b"\0\3", b"\1a")[0], {"ecosystem": "slot", "slot": 3})
        self.assertEqual(self.means(1, b"\0", b"\1a")[0], {"ecosystem": "slot", "slot": 0})
        self.assertEqual(self.means(1, b"\x82" + s(bytes(16)), b"")[0], {"ecosystem": "deb", "name_hash": bytes(16).hex()})

    def test_account(self):
        key, value = self.means(2, b"\0" + s("root") + s("web"), b"\x03\x05\1\0" + b"\2" + s("wheel") + s("") + b"\1" + s("/bin/sh") + s("Root"))
        self.assertEqual(key, {"form": "name", "name": "root", "realm": "web"})
        self.assertEqual(value, {"roles": ["administrator", "may log in"], "flags": ["enabled", "default password"], "credential": "password",
                                 "uid": 0, "groups": ["wheel", ""], "more_groups": 1, "shell": "/bin/sh", "name": "Root"})
        self.assertEqual(self.means(2, b"\0", b"\0\0\0\xff\xff\xff\xff\x0f")[1]["uid"], 0xFFFFFFFF)
        self.assertEqual(self.means(2, b"\1\xe8\7", b"")[0], {"form": "uid", "uid": 1000, "realm": ""})
        self.assertEqual(self.means(2, b"\2" + s(b"8 bytes!"), b"")[0], {"form": "keyed hash", "keyed_hash": b"8 bytes!".hex(), "realm": ""})

    def test_listener(self):
        self.assertEqual(self.means(3, b"\6\x16" + s(b"\x7f\0\0\1") + s("lo"), s("sshd") + b"\7" + s("root")), (
            {"protocol": "TCP", "port": 22, "address": "7f000001", "interface": "lo"},
            {"owner": "sshd", "flags": ["loopback only", "encrypted", "authenticated"], "account": "root"}))

    def test_neighbour(self):
        self.assertEqual(self.means(4, b"\1" + s(b"\2\0\0\0\0\1") + s("eth0"), b"\1" + s(b"\x0a\0\0\1") + b"\2" + s("nas") + b"\1\3\xac\2"), (
            {"link": "EUI-48", "address": "020000000001", "interface": "eth0"},
            {"addresses": ["0a000001"], "more_addresses": 2, "name": "nas", "state": "permanent", "security": "authenticated", "first_seen": 300}))

    def test_certificate(self):
        value = b"\1" + s(b"\xaa") + b"\x04\x01" + s("CN=a") + s("CN=b") + s(b"\x07") + b"\x81\x80\x04" + b"\2" + b"\x80\x02" + b"\1" + s("tls")
        self.assertEqual(self.means(5, b"\1" + s("ca") + b"\2", value), (
            {"form": "name", "name": "ca", "index": 2},
            {"type": "trust anchor", "fingerprint": "aa", "not_after": 2, "not_before": -1, "subject": "CN=a", "issuer": "CN=b", "serial": "07",
             "usage": ["digital signature", "server auth"], "key_kind": "EC P-256", "key_bits": 256, "role": "IDevID", "label": "tls"}))
        self.assertEqual(self.means(5, b"\0\3", b"")[0], {"form": "slot", "slot": 3, "index": 0})
        self.assertEqual(self.means(5, b"\2" + s(bytes(16)), b"")[0], {"form": "name hash", "name_hash": bytes(16).hex(), "index": 0})

    def test_setting(self):
        self.assertEqual(self.means(6, b"\5", b"\2\1"), ({"id": "SSH", "name": ""}, {"type": "bool", "value": True}))
        self.assertEqual(self.means(6, b"\0" + s("x"), b"\3\2"), ({"id": "named", "name": "x"}, {"type": "int", "value": 1}))

    def test_health(self):
        self.assertEqual(self.means(7, b"\4" + s("cpu"), b"\xd2\x09\xfe\4\2"), (
            {"metric": "temperature", "name": None, "instance": "cpu"}, {"value": 617, "exponent": -2, "unit": "Cel", "state": "warning"}))
        self.assertEqual(self.means(7, b"\0" + s("rpm") + s("1"), b"")[0], {"metric": "named", "name": "rpm", "instance": "1"})

    def test_agent(self):
        self.assertEqual(self.means(8, b"\1\2", b"\2"), ({"item": "coverage", "arg": "account"}, {"value": "partial"}))
        self.assertEqual(self.means(8, b"\1\2", b""), ({"item": "coverage", "arg": "account"}, {"value": "loading"}))
        self.assertEqual(self.means(8, b"\4\3", b"\x80\1"), ({"item": "events lost", "arg": "critical"}, {"value": 128}))

    def test_update(self):
        self.assertEqual(self.means(9, b"\0" + s("app"), b"\2" + s("2.0") + b"\x32\1"), (
            {"slot": 0, "name": "app"}, {"state": "downloading", "target": "2.0", "percent": 50, "error": -1}))

    def test_interface(self):
        value = b"\2" + s(b"\2\0\0\0\0\1") + b"\3\1" + s(bytes(16)) + b"\0" + s("home") + s("") + b"\3"
        self.assertEqual(self.means(10, s("wlan0"), value), (
            {"name": "wlan0"}, {"type": "Wi-Fi", "link": "020000000001", "flags": ["up", "running"], "addresses": [bytes(16).hex()],
                                "more_addresses": 0, "network": "home", "cell": "", "radio": "LTE"}))

    def test_vendor(self):
        self.assertEqual(self.means(15, b"\x01\x02k", b"v"), ({"vendor_kind": 0x0102, "key": "6b"}, {"bytes": "76"}))

    def test_unknown_numbers_stay_numbers_and_later_fields_are_ignored(self):
        self.assertEqual(self.means(9, b"\0", b"\x63\0\0\0new")[1]["state"], 99)
        fact, = t.decode_packet(up(DELTA + put(20, b"k", b"v")))["body"]["records"]
        self.assertEqual((fact["kind"], fact["key"], fact["value"], fact["means"]), (20, "6b", "76", None))

    def test_what_cannot_be_read_stays_opaque(self):
        for kind, key, value in ((0, b"\x0e", b"\x05\x05a"), (0, b"\x0e", b"\x63"), (0, b"\x0e", b"\2\2"), (2, b"\x09", b""), (15, b"\0\1", b""),
                                 (3, b"\6\x16\3abc", b""), (1, b"\0", b"\1\xff"), (9, b"\x80\0", b"")):
            fact, = t.decode_packet(up(DELTA + put(kind, key, value)))["body"]["records"]
            self.assertIsNone(fact["means"])
            self.assertTrue(fact["unread"])
            self.assertEqual((fact["key"], fact["value"]), (key.hex(), value.hex()))


class Refusals(Case):
    def test_every_truncation(self):
        for name, data in PACKETS.items():
            for end in range(len(data)):
                with self.subTest(name, end=end):
                    self.refused(t.decode_packet, data[:end])

    def test_every_bit_flip(self):
        for name, data in PACKETS.items():
            for bit in range(len(data) * 8):
                flipped = bytearray(data)
                flipped[bit // 8] ^= 1 << bit % 8
                with self.subTest(name, bit=bit):
                    self.refused(t.decode_packet, bytes(flipped))

    def test_every_truncation_under_a_good_check(self):
        """Without the CRC's help; a Delta and a Range may end between records and segments, and only there."""
        whole = {"delta": {3 + 1 + len(SECTION) + 6 + n for n in (0, 8, 13)}, "range": {5, 15}}
        for name, data in PACKETS.items():
            for end in range(len(data) - 4):
                with self.subTest(name, end=end):
                    if end in whole.get(name, ()):
                        t.decode_packet(seal(data[:end]))
                    else:
                        self.refused(t.decode_packet, seal(data[:end]))

    def test_envelopes(self):
        for head in (b"\x00\x01\x00", b"\x40\x01\x00", b"\x20\x00\x00", b"\x20\x81\x00\x00", b"\x22\x80\x01\x00", b"\x21\x00\x01\x00",
                     b"\x21\x11" + b"x" * 17 + b"\x01\x00", b"\x20\x01" + b"\x80" * 7 + b"\x80\x01"):
            self.refused(t.decode_packet, up(BEAT, head))
        self.refused(t.decode_packet, up(DELTA + b"\x80\x80\x12" + bytes(2304)))

    def test_sealed_suites_are_told_apart(self):
        for suite in (1, 2, 3):
            with self.assertRaises(t.Sealed):
                t.decode_packet(up(BEAT, bytes([0x20 | suite << 2, 1, 0])))

    def test_bodies(self):
        bad = {
            "events in hello": (b"\x80" + SECTION + HELLO[1:], "has a bit"),
            "a digest bit on beat": (b"\x43" + BEAT[1:], "has a bit"),
            "a challenge bit on beat": (b"\x23" + BEAT[1:], "has a bit"),
            "compared and off": (b"\x04\x05\x03\x01" + bytes(50), "both compared"),
            "base + span past u32": (b"\x01\xff\xff\xff\xff\x0f\x01", "past u32"),
            "an empty key": (DELTA + b"\x00\x00\x00", "key of 0"),
            "a long key": (DELTA + b"\x01\x41" + bytes(65), "key of 65"),
            "a long value": (DELTA + b"\x00\x01k\x81\x04" + bytes(513), "at most 512"),
            "a padded length": (DELTA + b"\x00\x01k\x81\x00v", "not minimal"),
            "segment bit 7": (b"\x02\x05\xa0\x00", "bit 7"),
            "nothing listed, not last": (b"\x02\x05\x00\x00", "neither lists"),
            "descending keys": (b"\x02\x05\x20\x02\x01b\x00\x01a\x00", "ascend"),
            "equal keys": (b"\x02\x05\x20\x02\x01a\x00\x01a\x00", "ascend"),
            "a key at from": (b"\x02\x05\x60\x01a\x01\x01a\x00", "ascend"),
            "two groups alike": (b"\x83\x02\x00\x01\x00\x02" + BEAT[1:], "one severity"),
            "event 0": (b"\x83\x01\x00\x00" + BEAT[1:], "event numbers"),
            "a long actor": (b"\x83\x01\x01\x01\x14\x00\x00\x11" + bytes(18) + BEAT[1:], "at most 16"),
            "long data": (b"\x83\x01\x01\x01\x35\x00\x00\x00\x31" + bytes(49) + BEAT[1:], "at most 48"),
            "an event that overruns": (b"\x83\x01\x01\x01\x03\x00\x00\x00" + BEAT[1:], "wanted"),
        }
        for name, (body, reason) in bad.items():
            with self.subTest(name), self.assertRaisesRegex(t.DecodeError, reason):
                t.decode_packet(up(body))
        with self.assertRaisesRegex(t.DecodeError, "at most 64"):
            t.decode_packet(down(b"\x00\x00\x80" + bytes(6) + b"\x01\x01\x41" + bytes(65)))

    def test_the_limits_themselves_pass(self):
        key, value = bytes(range(64)), bytes(512)
        fact, = t.decode_packet(up(DELTA + b"\x50\x40" + key + b"\x80\x04" + value))["body"]["records"]
        self.assertEqual((fact["key"], fact["value"]), (key.hex(), value.hex()))
        t.decode_packet(up(BEAT, b"\x23\x7f\x10" + bytes(16) + b"\xff\xff\xff\xff\x0f" + b"\xff" * 7 + b"\x7f"))
        t.decode_packet(up(b"\x83\x01\x01\x01\x44\x00\x00\x10" + bytes(16) + b"\x30" + bytes(48) + BEAT[1:]))

    def test_random_bytes_raise_nothing_else(self):
        chance = random.Random(1)
        heads = [b"", b"\x20\x01\x00", b"\x30\x01", b"\x20\x01\x00\x01\x00\x01", b"\x20\x01\x00\x02\x01", b"\x20\x01\x00\x81"]
        for turn in range(20000):
            data = heads[turn % len(heads)] + chance.randbytes(chance.randrange(60))
            for call, given in ((t.decode_packet, data), (t.decode_packet, seal(data)), (t.decode_stream, b"\0" + data + b"\0"),
                                (t.decode_fragments, [b"\x01\x80" + seal(data)])):
                try:
                    json.dumps(call(given))
                except t.DecodeError:
                    pass

    def test_random_facts_raise_nothing(self):
        chance = random.Random(2)
        for turn in range(20000):
            key, value = chance.randbytes(chance.randrange(1, 64)), chance.randbytes(chance.randrange(40))
            json.dumps(t.decode_fact(turn % 32, bytes([turn // 32 % 4]) + key, value))


class Framing(Case):
    def stuffed(self, data):
        """COBS of data without runs of 254."""
        return b"\0" + b"".join(bytes([len(run) + 1]) + run for run in data.split(b"\0")) + b"\0"

    def test_a_stream_is_frames_between_zeros(self):
        stream = self.stuffed(PACKETS["beat"]) + b"\0\0" + self.stuffed(PACKETS["ack"])
        self.assertEqual([p["body"]["type"] for p in t.decode_stream(stream)], ["beat", "ack"])
        self.assertEqual(t.decode_stream(b"\0\0"), [])
        for bad in (b"", stream[1:], stream[:-1], b"\0\1\0", stream.replace(b"\x03\x05", b"\x03\x06")):
            self.refused(t.decode_stream, bad)

    def cut(self, data, size, number=7):
        parts = [data[i:i + size] for i in range(0, len(data), size)]
        return [bytes([number, i | (0x80 if i == len(parts) - 1 else 0)]) + part for i, part in enumerate(parts)]

    def test_fragments_join_in_any_order(self):
        parts = self.cut(PACKETS["hello"], 9)
        self.assertGreater(len(parts), 3)
        for order in (parts, parts[::-1], parts[1:] + parts[:1], parts[:2] + parts):
            self.assertEqual(t.decode_fragments(order)["body"]["type"], "hello")
        for i in range(len(parts)):
            self.refused(t.decode_fragments, parts[:i] + parts[i + 1:])
        self.refused(t.decode_fragments, [b"\x07"])

    def test_a_fragment_past_the_last_is_a_conflict(self):
        beat = PACKETS["beat"]
        for order in ([b"\7\x81" + beat[5:], b"\7\2stray"], [b"\7\2stray", b"\7\x81" + beat[5:]], [b"\7\1" + beat[5:], b"\7\x81" + beat[5:]],
                      [b"\7\x81" + beat[5:], b"\7\1" + beat[5:]]):
            held = t.Fragments()
            for part in order:
                self.assertIsNone(held.push(part))
            self.assertEqual(len(held.parts), 1)

    def test_a_conflict_restarts_the_set(self):
        parts = self.cut(PACKETS["hello"], 9)
        end = len(parts) - 1
        for conflict in (b"\x07\x00other", b"\x07" + bytes([0x80 | end + 1]) + b"x", b"\x08\x00other"):
            held = t.Fragments()
            for part in parts[:-2] + parts[-1:] + [conflict]:
                self.assertIsNone(held.push(part))
            self.assertIsNone(held.push(parts[-2]))
            self.assertIn(PACKETS["hello"], [held.push(part) for part in parts + parts])


class Digests(Case):
    def test_a_fact_is_hashed_with_its_kind_and_length(self):
        self.assertEqual(t.fact_hash(1, b"ab", b"c"), t.siphash24(bytes(16), b"\x01\x02abc"))
        self.assertNotEqual(t.fact_hash(1, b"ab", b"c"), t.fact_hash(1, b"a", b"bc"))

    def test_sums_wrap_and_keep_to_the_compared_kinds(self):
        facts = {(kind, bytes([n])): b"v" for kind in (0, 1, 7) for n in range(8)}
        digests = t.kind_digests(facts)
        self.assertEqual(digests[0], sum(t.fact_hash(0, bytes([n]), b"v") for n in range(8)) % 2 ** 64)
        self.assertEqual(t.total_digest(facts, 0b11), (digests[0] + digests[1]) % 2 ** 64)
        self.assertEqual(t.total_digest({}, 0xFFFFFFFF), 0)
        self.assertGreater(sum(digests.values()), 2 ** 64)


if __name__ == "__main__":
    unittest.main()
