//! What the tests of sealed packets share: key sets, the three suites, a vendor's suite over software AES-CCM, and packets.

use aes::Aes128;
use ccm::aead::array::Array;
use ccm::aead::{AeadInOut, KeyInit};
use ccm::consts::{U8, U12, U16};
use tidings_wire::cursor::Writer;
use tidings_wire::packet::{Envelope, NONCE, PacketError, Suite, SuiteId, Unique, seal};
use tidings_wire::suites::{Ascon128, ChaCha20Poly1305, KeySet, Side};

type Ccm8 = ccm::Ccm<Aes128, U8, U12>;

/// A vendor's suite, as one over AES hardware would be written: AES-128-CCM with 8 bytes of tag.
pub struct AesCcm8<'k> {
    pub keys: &'k KeySet,
    pub side: Side,
}

fn cipher(key: &[u8; 32]) -> Ccm8 {
    let short: Array<u8, U16> = core::array::from_fn(|i| key[i]).into();
    Ccm8::new(&short)
}

impl Suite for AesCcm8<'_> {
    fn id(&self) -> SuiteId {
        SuiteId::VENDOR
    }

    fn check_len(&self) -> usize {
        8
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        let tag = cipher(self.keys.seals(self.side)).encrypt_inout_detached(nonce.into(), clear, body.into());
        check.copy_from_slice(&tag.expect("a packet is short"));
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let tag = check.try_into().map_err(|_| PacketError::Check)?;
        let opened = cipher(self.keys.opens(self.side)).decrypt_inout_detached(nonce.into(), clear, body.into(), tag);
        opened.map_err(|_| PacketError::Check)
    }
}

/// A key set whose keys all differ from those of any other `seed`.
pub fn keys(kid: u8, seed: u8) -> KeySet {
    KeySet::new(kid, [seed; 32], [seed ^ 0xFF; 32], [seed; 16]).expect("the keys differ")
}

/// Calls `test` with both ends of each suite.
pub fn each_suite(keys: &KeySet, mut test: impl FnMut(&dyn Suite, &dyn Suite)) {
    test(&ChaCha20Poly1305::device(keys), &ChaCha20Poly1305::host(keys));
    test(&Ascon128::device(keys), &Ascon128::host(keys));
    test(&AesCcm8 { keys, side: Side::Device }, &AesCcm8 { keys, side: Side::Host });
}

/// A packet as `suite` seals it, whatever suite the envelope names.
pub fn packet(suite: &dyn Suite, envelope: &Envelope<'_>, body: &[u8]) -> Vec<u8> {
    let mut buffer = [0; 256];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    out.raw(body);
    let len = seal(suite, envelope, &mut buffer, clear, body.len()).expect("it fits");
    buffer[..len].to_vec()
}

/// Clear fields of an uplink packet of `suite`.
pub fn up(suite: &dyn Suite) -> Envelope<'static> {
    Envelope { suite: suite.id(), kid: Some(5), id: Some(b"pump-7"), epoch: 300, unique: Unique::Counter(129) }
}

/// Clear fields of a downlink packet of `suite`.
pub fn down(suite: &dyn Suite) -> Envelope<'static> {
    Envelope { unique: Unique::Random(*b"twelve bytes"), ..up(suite) }
}
