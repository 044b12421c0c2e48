//! Each suite gives the bytes of the document that defines it: RFC 8439, NIST SP 800-232 (the reference KAT file), NIST SP 800-38C.

use crate::ends::AesCcm8;
use ascon_aead::aead::{AeadInOut, KeyInit};
use ascon_aead::{AsconAead128, AsconAead128Tag};
use tidings_wire::packet::Suite;
use tidings_wire::suites::{Ascon128, ChaCha20Poly1305, KeySet, Side};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn counting<const N: usize>(from: u8) -> [u8; N] {
    core::array::from_fn(|i| from + i as u8)
}

/// A set whose up key begins with `key`.
fn keys(key: &[u8]) -> KeySet {
    let mut up = [0; 32];
    up[..key.len()].copy_from_slice(key);
    KeySet::new(0, up, [0xFF; 32], [0; 16]).expect("the keys differ")
}

#[test]
fn chacha20_poly1305_seals_as_rfc_8439_section_2_8_2() {
    let keys = keys(&counting::<32>(0x80));
    let nonce = [7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47];
    let clear = hex("50515253 c0c1c2c3c4c5c6c7");
    let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let (mut body, mut check) = (plain.to_vec(), [0; 16]);
    ChaCha20Poly1305::device(&keys).seal(&nonce, &clear, &mut body, &mut check);
    let sealed = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e06
        0b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116";
    assert_eq!(body, hex(sealed));
    assert_eq!(check[..], hex("1ae10b594f09e26a7e902ecbd0600691"));
    assert_eq!(ChaCha20Poly1305::host(&keys).open(&nonce, &clear, &mut body, &check), Ok(()));
    assert_eq!(body, plain);
}

#[test]
fn chacha20_poly1305_opens_what_rfc_8439_appendix_a_5_seals() {
    let keys = keys(&hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"));
    let nonce = [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    let mut body = hex(
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f
         355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0
         f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04
         b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130
         305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b",
    );
    let (clear, check) = (hex("f33388860000000000004e91"), hex("eead9d67890cbb22392336fea1851f38"));
    assert_eq!(ChaCha20Poly1305::host(&keys).open(&nonce, &clear, &mut body, &check), Ok(()));
    assert!(body.starts_with(b"Internet-Drafts are draft documents valid for a maximum of six months"));
}

/// At every length around a block, so that no tail is left in clear or out of the tag.
#[test]
fn chacha20_poly1305_is_that_of_the_crate_of_that_name() {
    let (key, nonce) = (counting::<32>(3), counting::<12>(9));
    let keys = keys(&key);
    for (clear, plain) in
        (0..40).flat_map(|clear| [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 200].map(|plain| (clear, plain)))
    {
        let clear = &counting::<40>(1)[..clear];
        let mut body: Vec<u8> = (0..plain).map(|n| n as u8).collect();
        let (mut other, mut check) = (body.clone(), [0; 16]);
        ChaCha20Poly1305::device(&keys).seal(&nonce, clear, &mut body, &mut check);
        let cipher = chacha20poly1305::ChaCha20Poly1305::new(&key.into());
        let tag = cipher.encrypt_inout_detached(&nonce.into(), clear, (&mut *other).into()).expect("it is short");
        assert_eq!((&body, &check[..]), (&other, &tag[..]), "{} and {plain} bytes", clear.len());
        assert_eq!(ChaCha20Poly1305::host(&keys).open(&nonce, clear, &mut body, &check), Ok(()));
        assert!(body.iter().enumerate().all(|(n, byte)| *byte == n as u8));
    }
}

/// Entries of LWC_AEAD_KAT_128_128.txt of the Ascon team: key and nonce count from 0, plaintext and associated data too.
const ASCON: [(usize, usize, &str); 4] = [
    (0, 0, "4427D64B8E1E1451FC445960F0839BB0"),
    (0, 32, "22133A313FBF0B38029A45870AADC542"),
    (17, 7, "44864FD337BBF237DB14139BDC6E1D2514C6289FAD15429D7346FDBD112D38798F"),
    (32, 32, "4C086D27A3B51A2333CFC7F22172A9BCAD88B8D4D77E50622D788345FA7BEE4468915D3F9422289F2349D6A3B4160397"),
];

#[test]
fn the_cipher_under_ascon128_gives_the_reference_answers() {
    let key = counting::<16>(0);
    for (plain, clear, answer) in ASCON {
        let mut body = counting::<32>(0)[..plain].to_vec();
        let clear = &counting::<32>(0)[..clear];
        let nonce = counting::<16>(0);
        let cipher = AsconAead128::new(&key.into());
        let tag = cipher.encrypt_inout_detached(&nonce.into(), clear, body.as_mut_slice().into()).expect("it is short");
        body.extend(tag);
        assert_eq!(body, hex(answer));
    }
}

#[test]
fn ascon128_takes_the_first_half_of_the_key_and_a_nonce_with_four_zero_bytes() {
    let (key, nonce, clear) = (counting::<32>(1), counting::<12>(0x60), b"clear");
    let (mut body, mut check) = (b"body".to_vec(), [0; 16]);
    Ascon128::device(&keys(&key)).seal(&nonce, clear, &mut body, &mut check);
    let mut padded = [0; 16];
    padded[..12].copy_from_slice(&nonce);
    let cipher = AsconAead128::new(&counting::<16>(1).into());
    let mut wanted = b"body".to_vec();
    let tag: AsconAead128Tag =
        cipher.encrypt_inout_detached(&padded.into(), clear, wanted.as_mut_slice().into()).expect("it is short");
    assert_eq!((body, check[..].to_vec()), (wanted, tag.to_vec()));
}

#[test]
fn the_vendor_suite_seals_as_example_3_of_nist_sp_800_38c() {
    let keys = keys(&counting::<16>(0x40));
    let (mut body, mut check) = (counting::<24>(0x20).to_vec(), [0; 8]);
    AesCcm8 { keys: &keys, side: Side::Device }.seal(&counting(0x10), &counting::<20>(0), &mut body, &mut check);
    assert_eq!(body, hex("e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5"));
    assert_eq!(check[..], hex("484392fbc1b09951"));
}
