"""Opens sealed packets (§2): ChaCha20-Poly1305 from the text of RFC 8439 and Ascon-AEAD128 from that of NIST SP 800-232, in plain Python.

Where the package `cryptography` is installed, its ChaCha20-Poly1305 opens every packet too and must agree. What it does not do: hide keys or time
from anybody, so it is for tests only; AES and the other suites of a vendor.
"""

import hmac

try:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
except ImportError:
    ChaCha20Poly1305 = None

TAG = 16
MASK32, MASK64 = (1 << 32) - 1, (1 << 64) - 1


def open_packet(suite, keys, nonce, direction_down, clear, sealed):
    """The body, or None if the tag does not hold; `keys` are those of an entry of the index."""
    key = bytes.fromhex(keys["down" if direction_down else "up"])
    if suite == 1:
        return chacha20_poly1305(key, nonce, clear, sealed)
    return ascon_aead128(key[:16], nonce + bytes(4), clear, sealed)


# --- ChaCha20-Poly1305, RFC 8439 --------------------------------------------------------------------------------------------------------

def chacha20_poly1305(key, nonce, clear, sealed):
    body = own_chacha20_poly1305(key, nonce, clear, sealed)
    if ChaCha20Poly1305 is not None and theirs(key, nonce, clear, sealed) != body:
        raise AssertionError("the package and this file disagree")
    return body


def theirs(key, nonce, clear, sealed):
    from cryptography.exceptions import InvalidTag
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, clear)
    except InvalidTag:
        return None


def own_chacha20_poly1305(key, nonce, clear, sealed):
    """§2.8."""
    body, tag = sealed[:-TAG], sealed[-TAG:]
    text = padded(clear) + padded(body) + len(clear).to_bytes(8, "little") + len(body).to_bytes(8, "little")
    if not hmac.compare_digest(poly1305(chacha20_block(key, 0, nonce)[:32], text), tag):
        return None
    stream = b"".join(chacha20_block(key, 1 + i, nonce) for i in range((len(body) + 63) // 64))
    return bytes(a ^ b for a, b in zip(body, stream))


def padded(data):
    return data + bytes(-len(data) % 16)


def chacha20_block(key, counter, nonce):
    """§2.3."""
    words = lambda data: [int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4)]
    start = words(b"expand 32-byte k") + words(key) + [counter] + words(nonce)
    state = list(start)
    for _ in range(10):
        for at in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter_round(state, *at)
    return b"".join(((a + b) & MASK32).to_bytes(4, "little") for a, b in zip(state, start))


def quarter_round(state, a, b, c, d):
    """§2.1."""
    for x, y, z, left in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[x] = (state[x] + state[y]) & MASK32
        mixed = state[z] ^ state[x]
        state[z] = (mixed << left | mixed >> 32 - left) & MASK32


def poly1305(key, text):
    """§2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    sum_ = 0
    for i in range(0, len(text), 16):
        sum_ = (sum_ + int.from_bytes(text[i:i + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((sum_ + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


# --- Ascon-AEAD128, NIST SP 800-232 -----------------------------------------------------------------------------------------------------

IV = 0x00001000808C0001
CONSTANTS = [0xF0, 0xE1, 0xD2, 0xC3, 0xB4, 0xA5, 0x96, 0x87, 0x78, 0x69, 0x5A, 0x4B]
ROTATIONS = ((19, 28), (61, 39), (1, 6), (10, 17), (7, 41))


def ascon_aead128(key, nonce, clear, sealed):
    """§4.1.2, Algorithm 4."""
    body, tag = sealed[:-TAG], sealed[-TAG:]
    k, n = halves(key), halves(nonce)
    s = permuted([IV, *k, *n], 12)
    s = [s[0], s[1], s[2], s[3] ^ k[0], s[4] ^ k[1]]
    if clear:
        for block in blocks(clear):
            s = permuted([s[0] ^ block[0], s[1] ^ block[1], *s[2:]], 8)
    s[4] ^= 1 << 63
    plain = b""
    whole = len(body) // 16
    for i in range(whole):
        block = halves(body[16 * i:16 * i + 16])
        plain += joined(s[0] ^ block[0], s[1] ^ block[1])
        s = permuted([*block, *s[2:]], 8)
    rest = body[16 * whole:]
    last = bytes(a ^ b for a, b in zip(rest, joined(s[0], s[1])))
    pad = halves(padded_last(last))
    s[0], s[1] = s[0] ^ pad[0], s[1] ^ pad[1]
    s = permuted([s[0], s[1], s[2] ^ k[0], s[3] ^ k[1], s[4]], 12)
    return plain + last if hmac.compare_digest(joined(s[3] ^ k[0], s[4] ^ k[1]), tag) else None


def halves(data):
    return [int.from_bytes(data[:8], "little"), int.from_bytes(data[8:], "little")]


def joined(low, high):
    return low.to_bytes(8, "little") + high.to_bytes(8, "little")


def padded_last(data):
    return data + b"\x01" + bytes(15 - len(data))


def blocks(data):
    whole = len(data) // 16
    return [halves(data[16 * i:16 * i + 16]) for i in range(whole)] + [halves(padded_last(data[16 * whole:]))]


def permuted(s, rounds):
    """§3: constant, substitution, linear diffusion."""
    for constant in CONSTANTS[12 - rounds:]:
        a, b, c, d, e = s
        c ^= constant
        a, e, c = a ^ e, e ^ d, c ^ b
        t = [(~x & MASK64) & y for x, y in ((a, b), (b, c), (c, d), (d, e), (e, a))]
        a, b, c, d, e = a ^ t[1], b ^ t[2], c ^ t[3], d ^ t[4], e ^ t[0]
        b, a, d, c = b ^ a, a ^ e, d ^ c, ~c & MASK64
        s = [x ^ right(x, m) ^ right(x, n) for x, (m, n) in zip((a, b, c, d, e), ROTATIONS)]
    return s


def right(x, by):
    return (x >> by | x << 64 - by) & MASK64
