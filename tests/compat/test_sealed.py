"""Proves the ciphers of `sealed.py` and of key derivation against published values; `test_golden.py` opens the vectors with them.

What it does not do: prove Tidings' own ciphers, which the wire crate's tests do.
"""

import hashlib
import hmac
import unittest

import sealed


class Published(unittest.TestCase):
    def test_rfc_8439_section_2_8_2(self):
        key, nonce = bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647")
        data = bytes.fromhex(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691")
        clear = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
        self.assertTrue(sealed.chacha20_poly1305(key, nonce, clear, data).startswith(b"Ladies and Gentlemen of the class of '99"))
        self.assertIsNone(sealed.chacha20_poly1305(key, nonce, clear, data[:-1] + b"\0"))

    def test_reference_answers_of_ascon(self):
        """Entries of LWC_AEAD_KAT_128_128.txt: plaintext bytes, bytes of associated data, answer; all count from 0."""
        for plain, clear, answer in (
                (0, 0, "4427D64B8E1E1451FC445960F0839BB0"),
                (0, 32, "22133A313FBF0B38029A45870AADC542"),
                (17, 7, "44864FD337BBF237DB14139BDC6E1D2514C6289FAD15429D7346FDBD112D38798F"),
                (32, 32, "4C086D27A3B51A2333CFC7F22172A9BCAD88B8D4D77E50622D788345FA7BEE4468915D3F9422289F2349D6A3B4160397"),
        ):
            data, key = bytes.fromhex(answer), bytes(range(16))
            self.assertEqual(sealed.ascon_aead128(key, key, bytes(range(clear)), data), bytes(range(plain)))
            self.assertIsNone(sealed.ascon_aead128(key, key, bytes(range(clear)), data[:-1] + bytes([data[-1] ^ 1])))


def hkdf(secret, info, count):
    """RFC 5869 with SHA-256 and the salt of the collector's `keys/derive.rs`."""
    key, out, block, n = hmac.new(b"tidings 1", secret, hashlib.sha256).digest(), b"", b"", 1
    while len(out) < count:
        block = hmac.new(key, block + info + bytes([n]), hashlib.sha256).digest()
        out, n = out + block, n + 1
    return out[:count]


class Derivation(unittest.TestCase):
    def test_keys_are_those_that_the_collector_derives(self):
        secret, device = b"\x0b" * 32, b"pump-7"
        named = bytes([len(device)]) + device
        keys = bytes([3]) + hkdf(secret, b"keys" + named + b"\x03", 64) + hkdf(secret, b"digest" + named, 16)
        self.assertEqual(keys.hex(), DERIVED)


DERIVED = "03094053f4a4f26d1437871c09102eda9e5c9384a90258a8721cd7f785cc0847caebd5147246d0a14841f12c30d96ee58284d8c20192f99ce60f028cff6264139d583d46ccdcfd8fac5c9a541b3ca90028"


if __name__ == "__main__":
    unittest.main()
