"""Decodes Tidings packets, version 1, written from `sdk/wire/SPEC.md` alone.

Promise: every plain packet, stream or fragment set becomes a dict that `json.dumps` takes, or raises `DecodeError`; no input raises
anything else. Section signs (§) point into the SPEC; ciphers are in `sealed.py`. What it does not do: open packets of a vendor's suite, encode, or
play the host of §10.

How a decoded value reads: bytes are hex strings; a registry number is its name, or the number itself if the registry does not have it;
a bit mask is a list of such names in ascending order of bits; an absent optional field is None.

A fact's key and value are opaque to the protocol (§5). They are decoded beside their bytes, as `means`; what cannot be read there is
None, told in `unread`, and does not make the packet malformed.
"""

import json
import struct
import sys
import zlib

import sealed

# --- Limits (§12) and registries (§2–§8) ----------------------------------------------------------------------------------------------

PACKET_MAX = 2304
KEY_MAX = 64
VALUE_MAX = 512
ID_MAX = 16
ACTOR_MAX = 16
DATA_MAX = 48
ARGS_MAX = 64
LIST_MAX = 16
KID_MAX = 127
U32_MAX = 0xFFFFFFFF
PLAIN_DIGEST_KEY = bytes(16)

SUITES = ("plain", "chacha20-poly1305", "ascon-aead128", "vendor")
UPLINK_TYPES = ("hello", "delta", "range", "beat", "buckets")
DOWNLINK_TYPES = ("ack", "stale", "config", "time", "rekey")
OPS = ("put", "remove", "put told", "remove told")
SEVERITIES = ("info", "notice", "warning", "critical")
BOOT_REASONS = ("unknown", "power-on", "brown-out", "reset pin", "software", "watchdog", "fault", "wake from deep sleep",
                "firmware update", "debugger")
ACK_FLAGS = ("need_hello", "ask", "not_applied", "unsupported")
KINDS = ("identity", "software", "account", "listener", "neighbour", "certificate", "setting", "health", "agent", "update",
         "interface", "peer", "hardware", "service", "policy", "vendor")
EVENT_TYPES = ("text", "boot", "shutdown", "login", "login failed", "logout", "tamper", "crash", "integrity failure", "storage fault",
               "configuration changed", "update result", "network attached", "network detached", "clock stepped", "watchdog",
               "debugger attached", "connection blocked", "resource exhausted", "reporting switched off or on", "unknown device")

CLAIMS = {0: "ueid", 2: "oemid", 3: "hwmodel", 4: "hwversion", 7: "dbgstat", 14: "swname", 15: "swversion", 256: "MUD URL",
          257: "serial number", 258: "vendor name", 259: "model name", 260: "OS name", 261: "OS version", 262: "kernel release",
          263: "host name", 264: "architecture"}
SCALARS = ("unknown", "unsupported", "bool", "int", "enum", "str", "bytes", "keyed hash")
ECOSYSTEMS = ("slot", "component", "deb", "rpm", "apk", "opkg", "snap", "flatpak", "oci", "pypi", "npm", "cargo", "golang", "maven", "os")
SOFTWARE_STATES = ("active", "standby", "staged", "failed", "disabled")
SOFTWARE_CLASSES = ("unspecified", "firmware", "bootloader", "operating system", "kernel", "application", "library", "driver", "modem",
                    "data")
VERSION_SCHEMES = {1: "multipartnumeric", 2: "multipartnumeric+suffix", 3: "alphanumeric", 4: "decimal", 16384: "semver"}
ACCOUNT_FORMS = ("name", "uid", "keyed hash")
ROLES = ("administrator", "may log in", "remote access", "service account", "operator")
ACCOUNT_FLAGS = ("enabled", "password set", "default password", "locked", "expired", "empty password")
CREDENTIALS = ("unknown", "password", "public key", "certificate", "token", "none")
PROTOCOLS = {6: "TCP", 17: "UDP", 132: "SCTP", 255: "not IP"}
LISTENER_FLAGS = ("loopback only", "encrypted", "authenticated")
LINKS = {1: "EUI-48", 2: "EUI-64", 3: "Bluetooth public", 4: "Bluetooth random", 5: "IP only", 255: "keyed hash"}
NEIGHBOUR_STATES = ("seen", "permanent", "bonded", "blocked")
NEIGHBOUR_SECURITY = ("not stated", "none", "unauthenticated", "authenticated")
CERTIFICATE_FORMS = ("slot", "name", "name hash")
CERTIFICATE_TYPES = ("certificate", "trust anchor", "SSH key", "pre-shared key", "key pair")
USAGES = {0: "digital signature", 1: "non-repudiation", 2: "key encipherment", 3: "data encipherment", 4: "key agreement",
          5: "certificate signing", 6: "CRL signing", 7: "encipher only", 8: "decipher only", 16: "server auth", 17: "client auth",
          18: "code signing"}
KEY_KINDS = ("not stated", "RSA", "EC P-256", "EC P-384", "EC P-521", "Ed25519", "Ed448", "symmetric")
CERTIFICATE_ROLES = ("none", "IDevID", "LDevID")
SETTINGS = ("named", "secure boot", "debug lock", "flash encryption", "rollback counter", "SSH", "telnet", "web administration", "firewall",
            "time server", "automatic update", "update source", "Wi-Fi security", "pairing mode", "USB", "DNS server", "default gateway",
            "log level", "IP forwarding", "remote management", "country code")
METRICS = ("named", "memory free", "disk free", "CPU load", "temperature", "battery", "supply voltage", "signal strength", "uptime",
           "flash wear", "stack free", "heap free", "error rate", "temperature limit reached")
UNITS = ("none", "%", "B", "s", "Cel", "V", "A", "W", "dBm", "/", "count", "Hz", "%RH", "Pa")
HEALTH_STATES = ("no threshold", "normal", "warning", "critical")
AGENT_ITEMS = ("reserved", "coverage", "facts dropped", "changes lost", "events lost", "epoch store faults", "stack high water",
               "rollbacks of the epoch", "foreign collector seen", "packets refused")
COVERAGES = ("loading", "complete", "partial", "failed", "off")
UPDATE_STATES = ("idle", "available", "downloading", "verifying", "staged", "rebooting", "confirmed", "rolled back", "failed")
INTERFACE_TYPES = ("other", "Ethernet", "Wi-Fi", "cellular", "Bluetooth", "IEEE 802.15.4", "LoRa", "CAN", "serial", "loopback", "tunnel",
                   "bridge", "VLAN", "virtual")
INTERFACE_FLAGS = ("up", "running", "metered")
RADIOS = ("not stated", "GSM", "UMTS", "LTE", "LTE-M", "NB-IoT", "NR")


class DecodeError(ValueError):
    """The input is not a well-formed Tidings packet, stream or fragment set."""


class Sealed(DecodeError):
    """The packet is of suite 1–3: its body cannot be read without a key."""


def require(held, reason):
    """Raises `DecodeError` with `reason` unless `held`."""
    if not held:
        raise DecodeError(reason)


def named(registry, number):
    """The registry's name of a number, or the number itself (§7)."""
    if isinstance(registry, dict):
        return registry.get(number, number)
    return registry[number] if number < len(registry) else number


def bits(registry, mask):
    """The names of the bits that are set, ascending."""
    return [named(registry, bit) for bit in range(mask.bit_length()) if mask >> bit & 1]


# --- Primitives (§1) ------------------------------------------------------------------------------------------------------------------

class Reader:
    """Takes primitives off the front of some bytes; every shortage is a `DecodeError`."""

    def __init__(self, data):
        self.data = bytes(data)
        self.at = 0

    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        require(count <= self.left(), f"{count} bytes wanted at {self.at}, {self.left()} left")
        self.at += count
        return self.data[self.at - count:self.at]

    def rest(self):
        return self.take(self.left())

    def u8(self):
        return self.take(1)[0]

    def varint(self, width):
        value, shift = 0, 0
        while shift < width:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                require(byte or shift == 7, "a varint is not minimal")
                require(value >> width == 0, f"a varint is past u{width}")
                return value
        raise DecodeError(f"a varint is past u{width}")

    def zigzag(self, width):
        raw = self.varint(width)
        return raw >> 1 ^ -(raw & 1)

    def u32le(self):
        return struct.unpack("<I", self.take(4))[0]

    def u64le(self):
        return struct.unpack("<Q", self.take(8))[0]

    def blob(self, most):
        count = self.varint(16)
        require(count <= most, f"{count} bytes where at most {most} may be")
        return self.take(count)

    def key(self):
        count = self.u8()
        require(1 <= count <= KEY_MAX, f"a key of {count} bytes")
        return self.take(count)


class Trimmed(Reader):
    """Reads keys and values, where fields missing at the end are zero (§5)."""

    def u8(self):
        return super().u8() if self.left() else 0

    def varint(self, width):
        return super().varint(width) if self.left() else 0

    def u16(self):
        return self.varint(16)

    def u32(self):
        return self.varint(32)

    def u64(self):
        return self.varint(64)

    def i8(self):
        raw = self.u8()
        return raw - (raw >> 7 << 8)

    def hex(self):
        return self.blob(VALUE_MAX).hex()

    def exactly(self, *counts):
        data = self.blob(VALUE_MAX)
        require(len(data) in counts, f"{len(data)} bytes where one of {counts} is due")
        return data.hex()

    def str(self):
        return text(self.blob(VALUE_MAX))

    def many(self, item):
        return [self.present(item) for _ in range(self.bounded(self.u16()))]

    def bounded(self, count):
        require(count <= LIST_MAX, f"a list of {count}")
        return count

    def present(self, item):
        require(self.left(), "a list ends early")
        return item()


def text(data):
    """The bytes as text."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise DecodeError("text is not UTF-8") from None


# --- Digest (§6) ----------------------------------------------------------------------------------------------------------------------

MASK64 = 0xFFFFFFFFFFFFFFFF


def rotl(word, count):
    return (word << count | word >> 64 - count) & MASK64


def sip_rounds(v, count):
    """Runs SipHash's round `count` times over the four words of state."""
    a, b, c, d = v
    for _ in range(count):
        a = a + b & MASK64
        b = rotl(b, 13) ^ a
        a = rotl(a, 32)
        c = c + d & MASK64
        d = rotl(d, 16) ^ c
        a = a + d & MASK64
        d = rotl(d, 21) ^ a
        c = c + b & MASK64
        b = rotl(b, 17) ^ c
        c = rotl(c, 32)
    return a, b, c, d


def siphash24(key, data):
    """SipHash-2-4 of `data` under a key of 16 bytes, as an integer."""
    k0, k1 = struct.unpack("<QQ", key)
    v = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573)
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", padded):
        a, b, c, d = sip_rounds((v[0], v[1], v[2], v[3] ^ word), 2)
        v = (a ^ word, b, c, d)
    a, b, c, d = sip_rounds((v[0], v[1], v[2] ^ 0xFF, v[3]), 4)
    return a ^ b ^ c ^ d


def fact_hash(kind, key, value, digest_key=PLAIN_DIGEST_KEY):
    """The hash of one fact, over its bytes as received."""
    return siphash24(digest_key, bytes([kind, len(key)]) + key + value)


def kind_digests(facts, digest_key=PLAIN_DIGEST_KEY):
    """The digest of each kind of a fact set `{(kind, key): value}`, keys and values in bytes."""
    digests = {}
    for (kind, key), value in facts.items():
        digests[kind] = digests.get(kind, 0) + fact_hash(kind, key, value, digest_key) & MASK64
    return digests


def total_digest(facts, compared, digest_key=PLAIN_DIGEST_KEY):
    """The total over the kinds in the mask `compared`."""
    return sum(d for kind, d in kind_digests(facts, digest_key).items() if compared >> kind & 1) & MASK64


# --- Facts (§5, §7) -------------------------------------------------------------------------------------------------------------------

def scalar(r):
    tag = r.u8()
    payloads = {0: lambda: None, 1: lambda: None, 2: lambda: boolean(r), 3: lambda: r.zigzag(64), 4: r.u32, 5: r.str, 6: r.hex,
                7: lambda: r.exactly(8)}
    require(tag in payloads, f"scalar tag {tag} is not known")
    return {"type": SCALARS[tag], "value": payloads[tag]()}


def boolean(r):
    raw = r.u8()
    require(raw <= 1, f"a bool of {raw}")
    return raw == 1


def by_form(form, forms):
    require(form in forms, f"key form {form} is not known")
    return forms[form]()


def identity_key(r):
    return {"claim": named(CLAIMS, r.u16())}


def software_key(r):
    ecosystem = r.u8()
    if ecosystem == 0:
        return {"ecosystem": "slot", "slot": r.u16()}
    if ecosystem < 128:
        return {"ecosystem": named(ECOSYSTEMS, ecosystem), "name": r.str(), "architecture": r.str()}
    return {"ecosystem": named(ECOSYSTEMS, ecosystem - 128), "name_hash": r.exactly(16)}


def software_value(r):
    return {"version": r.str(), "state": named(SOFTWARE_STATES, r.u8()), "class": named(SOFTWARE_CLASSES, r.u8()),
            "scheme": named(VERSION_SCHEMES, r.u16()), "digest": r.hex(), "build_id": r.hex(), "source": r.str(),
            "source_version": r.str(), "sbom": r.exactly(0, 8), "name": r.str(), "architecture": r.str()}


def account_key(r):
    form = r.u8()
    who = by_form(form, {0: r.str, 1: r.u32, 2: lambda: r.exactly(8)})
    return {"form": ACCOUNT_FORMS[form], ACCOUNT_FORMS[form].replace(" ", "_"): who, "realm": r.str()}


def account_value(r):
    return {"roles": bits(ROLES, r.u32()), "flags": bits(ACCOUNT_FLAGS, r.u32()), "credential": named(CREDENTIALS, r.u8()),
            "uid": r.u32(), "groups": r.many(r.str), "more_groups": r.u16(), "shell": r.str(), "name": r.str()}


def listener_key(r):
    return {"protocol": named(PROTOCOLS, r.u8()), "port": r.u16(), "address": r.exactly(0, 4, 16), "interface": r.str()}


def listener_value(r):
    return {"owner": r.str(), "flags": bits(LISTENER_FLAGS, r.u32()), "account": r.str()}


def neighbour_key(r):
    return {"link": named(LINKS, r.u8()), "address": r.hex(), "interface": r.str()}


def ip_addresses(r):
    return r.many(lambda: r.exactly(4, 16))


def neighbour_value(r):
    return {"addresses": ip_addresses(r), "more_addresses": r.u16(), "name": r.str(), "state": named(NEIGHBOUR_STATES, r.u8()),
            "security": named(NEIGHBOUR_SECURITY, r.u8()), "first_seen": r.u64()}


def certificate_key(r):
    form = r.u8()
    which = by_form(form, {0: r.u16, 1: r.str, 2: lambda: r.exactly(16)})
    return {"form": CERTIFICATE_FORMS[form], CERTIFICATE_FORMS[form].replace(" ", "_"): which, "index": r.u16()}


def certificate_value(r):
    return {"type": named(CERTIFICATE_TYPES, r.u8()), "fingerprint": r.hex(), "not_after": r.zigzag(64), "not_before": r.zigzag(64),
            "subject": r.str(), "issuer": r.str(), "serial": r.hex(), "usage": bits(USAGES, r.u32()),
            "key_kind": named(KEY_KINDS, r.u8()), "key_bits": r.u16(), "role": named(CERTIFICATE_ROLES, r.u8()), "label": r.str()}


def setting_key(r):
    return {"id": named(SETTINGS, r.u16()), "name": r.str()}


def health_key(r):
    metric = r.u16()
    name = r.str() if metric == 0 else None
    return {"metric": named(METRICS, metric), "name": name, "instance": r.str()}


def health_value(r):
    return {"value": r.zigzag(64), "exponent": r.i8(), "unit": named(UNITS, r.u8()), "state": named(HEALTH_STATES, r.u8())}


def agent_key(r):
    item, arg = r.u8(), r.u8()
    meanings = {1: KINDS, 4: SEVERITIES}
    return {"item": named(AGENT_ITEMS, item), "arg": named(meanings.get(item, ()), arg)}


def agent_value(r):
    return {"value": r.u64()}


def update_key(r):
    return {"slot": r.u16(), "name": r.str()}


def update_value(r):
    return {"state": named(UPDATE_STATES, r.u8()), "target": r.str(), "percent": r.u8(), "error": r.zigzag(32)}


def interface_key(r):
    return {"name": r.str()}


def interface_value(r):
    return {"type": named(INTERFACE_TYPES, r.u8()), "link": r.hex(), "flags": bits(INTERFACE_FLAGS, r.u32()),
            "addresses": ip_addresses(r), "more_addresses": r.u16(), "network": r.str(), "cell": r.str(), "radio": named(RADIOS, r.u8())}


def vendor_key(r):
    number = int.from_bytes(r.take(2), "big")
    require(r.left(), "a vendor key ends after its kind")
    return {"vendor_kind": number, "key": r.rest().hex()}


def vendor_value(r):
    return {"bytes": r.rest().hex()}


FACTS = {0: (identity_key, scalar), 1: (software_key, software_value), 2: (account_key, account_value),
         3: (listener_key, listener_value), 4: (neighbour_key, neighbour_value), 5: (certificate_key, certificate_value),
         6: (setting_key, scalar), 7: (health_key, health_value), 8: (agent_key, agent_value), 9: (update_key, update_value),
         10: (interface_key, interface_value), 15: (vendor_key, vendor_value)}


def decode_fact(kind, key, value):
    """A fact as bytes and, where they can be read, as meanings; `value` is None for a removed one."""
    fact = {"kind": named(KINDS, kind), "key": key.hex(), "value": None if value is None else value.hex(), "means": None, "unread": None}
    if kind not in FACTS:
        return fact
    read_key, read_value = FACTS[kind]
    try:
        means = {"key": read_key(Trimmed(key)), "value": None if value is None else read_value(Trimmed(value))}
        fact["means"] = coverage_named(kind, means)
    except DecodeError as reason:
        fact["unread"] = str(reason)
    return fact


def coverage_named(kind, means):
    """Names the value of an agent's coverage item, the one value whose registry hangs on its key."""
    if kind == 8 and means["value"] and means["key"]["item"] == "coverage":
        means["value"]["value"] = named(COVERAGES, means["value"]["value"])
    return means


# --- Uplink bodies (§3) ---------------------------------------------------------------------------------------------------------------

EVENTS, DIGEST, CHALLENGE, BIT4 = 0x80, 0x40, 0x20, 0x10
HEAD_BITS = {0: CHALLENGE | BIT4, 1: EVENTS | DIGEST | BIT4, 2: EVENTS | BIT4, 3: EVENTS | BIT4, 4: EVENTS | BIT4}
RECORD_EXTENSION = 0x80
LAST, FROM, SEGMENT_ZERO = 0x20, 0x40, 0x80


def uplink_body(r):
    head = r.u8()
    kind = head & 0x0F
    require(head & 0xF0 & ~HEAD_BITS.get(kind, 0xF0) == 0, f"head 0x{head:02x} has a bit that its type does not")
    body = {"type": named(UPLINK_TYPES, kind), "one_way": bool(kind and head & BIT4)}
    body["events"] = event_section(r) if head & EVENTS else None
    read = {0: hello, 1: delta, 2: range_body, 3: beat, 4: buckets}.get(kind, unknown_body)
    body.update(read(r, head))
    return body


def unknown_body(r, _head):
    return {"bytes": r.rest().hex()}


def hello(r, head):
    body = {"seq": r.varint(32), "minor": r.u8(), "schema_rev": r.varint(32)}
    body.update(coverage(r))
    body.update({"boot_reason": named(BOOT_REASONS, r.u8()), "uptime_s": r.varint(32), "resets": r.varint(32)})
    body["challenge"] = r.take(8).hex() if head & CHALLENGE else None
    body["instance"] = r.u32le() if head & BIT4 else None
    body["later"] = r.rest().hex()
    return body


def coverage(r):
    """The run of fields that Hello and Buckets share."""
    compared, off = r.varint(32), r.varint(32)
    require(compared & off == 0, "a kind is both compared and off")
    return {"compared": bits(KINDS, compared), "off": bits(KINDS, off), "acc_epoch": r.varint(32), "total": r.u64le()}


def delta(r, head):
    base, span = r.varint(32), r.varint(32)
    require(base + span <= U32_MAX, "base + span is past u32")
    body = {"base": base, "span": span, "upto": base + span, "digest": r.u32le() if head & DIGEST else None, "records": []}
    while r.left():
        body["records"].append(record(r))
    return body


def record(r):
    tag = r.u8()
    if tag >= RECORD_EXTENSION:
        return {"op": "extension", "tag": tag, "bytes": r.blob(PACKET_MAX).hex()}
    op = tag & 3
    key = r.key()
    value = None if op & 1 else r.blob(VALUE_MAX)
    told = {"age": r.varint(32), "count": r.u8()} if op & 2 else {"age": None, "count": None}
    return {"op": OPS[op], **decode_fact(tag >> 2, key, value), **told}


def range_body(r, _head):
    body = {"as_of": r.varint(32), "segments": []}
    while r.left():
        body["segments"].append(segment(r))
    return body


def segment(r):
    head = r.u8()
    require(head & SEGMENT_ZERO == 0, "bit 7 of a segment is set")
    start = r.key() if head & FROM else None
    count = r.varint(16)
    require(count or head & LAST, "a segment neither lists a key nor ends its kind")
    kind, facts, before = head & 0x1F, [], start or b""
    for _ in range(count):
        key = r.key()
        require(key > before, "keys of a segment do not ascend")
        before = key
        facts.append(decode_fact(kind, key, r.blob(VALUE_MAX)))
    return {"kind": named(KINDS, kind), "from": start and start.hex(), "last": bool(head & LAST), "facts": facts}


def beat(r, _head):
    return {"seq": r.varint(32), "digest": r.u32le(), "later": r.rest().hex()}


def buckets(r, _head):
    body = {"seq": r.varint(32), **coverage(r)}
    body["digests"] = [{"kind": kind, "digest": r.u32le()} for kind in body["compared"]]
    body["later"] = r.rest().hex()
    return body


# --- Events (§3, §8) ------------------------------------------------------------------------------------------------------------------

def event_section(r):
    groups = [event_group(r) for _ in range(r.u8())]
    severities = [group["severity"] for group in groups]
    require(len(set(severities)) == len(severities), "two groups of one severity")
    return groups


def event_group(r):
    head, first = r.u8(), r.varint(32)
    count = head & 0x3F
    require(first >= 1 and first + count <= U32_MAX, "event numbers are not from 1 to u32's end")
    return {"severity": SEVERITIES[head >> 6], "first": first, "events": [event(r) for _ in range(count)]}


def event(r):
    r = Reader(r.take(r.u8()))
    number, age, actor, data = r.varint(16), r.varint(32), r.blob(ACTOR_MAX), r.blob(DATA_MAX)
    return {"type": named(EVENT_TYPES, number), "age": age, "actor": actor.hex(), "data": data.hex(), "origin": origin(r), "later": r.rest().hex(),
            "means": event_means(number, data)}


def origin(r):
    """Where an event comes from that its device keeps through a loss of power; None of any other."""
    if not r.left():
        return None
    epoch = r.varint(32)
    if epoch == 0:
        return None
    number, uptime_s = r.varint(32), r.varint(32)
    require(number >= 1, "an origin counts from 1")
    return {"epoch": epoch, "number": number, "uptime_s": uptime_s}


def event_means(number, data):
    """The data of the types that the SPEC gives a form, or None."""
    if number == 0:
        try:
            return {"text": text(data)}
        except DecodeError:
            return None
    if number == 7 and len(data) >= 8:
        return dict(zip(("pc", "lr"), struct.unpack_from("<II", data)))
    return None


# --- Downlink bodies (§4) -------------------------------------------------------------------------------------------------------------

def downlink_body(r):
    kind = r.u8()
    body = {"type": named(DOWNLINK_TYPES, kind), "echo": r.varint(56)}
    body.update({0: ack, 1: stale}.get(kind, lambda r: {"bytes": r.rest().hex()})(r))
    return body


def ack(r):
    flags = r.u8()
    body = {"flags": bits(ACK_FLAGS, flags & 0x0F), "applied": r.varint(32), "want": bits(KINDS, r.varint(32)),
            "mark": [r.varint(32) for _ in SEVERITIES]}
    body["instance"] = r.u32le() if flags & 0x10 else None
    body["retry_after_s"] = r.varint(32) if flags & 0x20 else None
    body["challenge"] = r.take(8).hex() if flags & 0x40 else None
    body["command"] = command(r) if flags & 0x80 else None
    body["later"] = r.rest().hex()
    return body


def command(r):
    return {"id": r.varint(32), "code": r.varint(16), "args": r.blob(ARGS_MAX).hex()}


def stale(r):
    return {"known": r.varint(32), "later": r.rest().hex()}


# --- Packet (§2) ----------------------------------------------------------------------------------------------------------------------

def decode_packet(data, keys=None):
    """Decodes one packet; a sealed one with the `keys` of its device, kid, up, down and digest as the golden vectors have them.

    Raises `DecodeError` if it is malformed, and its kind `Sealed` if it is sealed and there are no keys, or not of its kid.
    """
    require(len(data) <= PACKET_MAX, f"a packet of {len(data)} bytes")
    b0 = Reader(data).u8()
    require(b0 >> 5 == 1, f"version {b0 >> 5}")
    suite = b0 >> 2 & 3
    if suite and keys is None:
        raise Sealed(f"the packet is sealed: {SUITES[suite]}")
    require(suite or keys is None, "a plain packet where a sealed one is pinned")
    r = Reader(unsealed(bytes(data), keys) if suite else checked(bytes(data)))
    return {"version": 1, **envelope(r), "body": (downlink_body if b0 & 0x10 else uplink_body)(r)}


def unsealed(data, keys):
    """The clear fields and the opened body of a sealed packet."""
    r = Reader(data)
    fields = envelope(r)
    require(SUITES.index(fields["suite"]) != 3, "a vendor's suite")
    if (fields["kid"] or 0) != keys["kid"]:
        raise Sealed(f"sealed with key id {fields['kid']}")
    rest = r.rest()
    require(len(rest) >= sealed.TAG, "no room for a tag")
    clear = data[:len(data) - len(rest)]
    down = fields["direction"] == "down"
    nonce = bytes.fromhex(fields["nonce"]) if down else bytes([keys["kid"]]) + fields["epoch"].to_bytes(4, "big") + fields["ctr"].to_bytes(7, "big")
    body = sealed.open_packet(SUITES.index(fields["suite"]), keys, nonce, down, clear, rest)
    require(body is not None, "the tag does not hold")
    return clear + body


def checked(data):
    """What stands before the check, if the check holds."""
    covered, check = data[:-4], data[-4:]
    require(len(check) == 4 and zlib.crc32(covered) == Reader(check).u32le(), "the check does not hold")
    return covered


def envelope(r):
    b0 = r.u8()
    down = bool(b0 & 0x10)
    fields = {"direction": "down" if down else "up", "suite": SUITES[b0 >> 2 & 3]}
    fields["kid"] = r.u8() if b0 & 2 else None
    require((fields["kid"] or 0) <= KID_MAX, "a key id past 127")
    fields["id"] = device_id(r).hex() if b0 & 1 else None
    fields["epoch"] = r.varint(32)
    require(fields["epoch"], "epoch 0")
    if not down:
        fields["ctr"] = r.varint(56)
    elif b0 >> 2 & 3:
        fields["nonce"] = r.take(12).hex()
    return fields


def device_id(r):
    count = r.u8()
    require(1 <= count <= ID_MAX, f"a device id of {count} bytes")
    return r.take(count)


# --- Framing (§9) ---------------------------------------------------------------------------------------------------------------------

FRAME_MAX = PACKET_MAX + PACKET_MAX // 254 + 1


def cobs_decode(frame):
    """Takes the stuffing out of one frame, given without its zeros."""
    r, out, zero_due = Reader(frame), bytearray(), False
    require(r.left(), "an empty frame")
    while r.left():
        if zero_due:
            out.append(0)
        code = r.u8()
        require(code, "a zero within a frame")
        run = r.take(code - 1)
        require(0 not in run, "a zero within a frame")
        out += run
        zero_due = code < 0xFF
    return bytes(out)


def split_stream(data):
    """The frames of a stream that is whole: it starts and ends with a zero."""
    require(len(data) >= 1 and data[0] == 0 and data[-1] == 0, "a stream starts and ends with a zero")
    return [frame for frame in bytes(data).split(b"\0") if frame]


def decode_stream(data):
    """Decodes every packet of a whole stream; raises `DecodeError` if any frame of it is bad."""
    frames = split_stream(data)
    require(all(len(frame) <= FRAME_MAX for frame in frames), "a frame longer than any packet")
    return [decode_packet(cobs_decode(frame)) for frame in frames]


class Fragments:
    """Puts the fragments of one packet at a time together, in any order of arrival."""

    def __init__(self):
        self.restart(None)

    def restart(self, number):
        self.id, self.parts, self.last = number, {}, None

    def push(self, datagram):
        """Takes one link datagram; gives the packet's bytes once they are whole, else None."""
        r = Reader(datagram)
        number, head, part = r.u8(), r.u8(), r.rest()
        index, last = head & 0x7F, bool(head & 0x80)
        require(part, "a fragment without a part")
        if number != self.id or self.conflicts(index, last, part):
            self.restart(number)
        self.parts[index] = part
        self.last = index if last else self.last
        if self.last is None or len(self.parts) <= self.last:
            return None
        whole = b"".join(self.parts[i] for i in range(self.last + 1))
        self.restart(None)
        return whole

    def conflicts(self, index, last, part):
        """Whether a fragment cannot be of the set that is held."""
        if index in self.parts and self.parts[index] != part:
            return True
        if last:
            return self.last not in (None, index) or (self.last is None and any(held >= index for held in self.parts)) \
                or any(len(held) < len(part) for held in self.parts.values())
        return (self.last is not None and (index >= self.last or len(self.parts[self.last]) > len(part))) \
            or any(len(held) != len(part) for at, held in self.parts.items() if at != self.last)


def decode_fragments(datagrams):
    """Decodes the one packet that these link datagrams carry, in any order."""
    fragments, whole = Fragments(), None
    for datagram in datagrams:
        require(whole is None, "fragments go on after the packet is whole")
        whole = fragments.push(datagram)
    require(whole is not None, "a fragment is missing")
    return decode_packet(whole)


# --- Command line ---------------------------------------------------------------------------------------------------------------------

def unhex(words):
    try:
        return [bytes.fromhex(word) for word in words]
    except ValueError:
        raise DecodeError("not hexadecimal") from None


def decode_words(words):
    """Decodes what the command line names: packets, or after `--stream` or `--fragments` those."""
    if words[:1] == ["--stream"]:
        return [packet for data in unhex(words[1:]) for packet in decode_stream(data)]
    if words[:1] == ["--fragments"]:
        return decode_fragments(unhex(words[1:]))
    return [decode_packet(data) for data in unhex(words)]


def main():
    """Prints the packets given in hex as JSON; exits with 1 if one is malformed."""
    try:
        print(json.dumps(decode_words(sys.argv[1:]), indent=2))
    except DecodeError as reason:
        sys.exit(f"malformed: {reason}")


if __name__ == "__main__":
    main()
