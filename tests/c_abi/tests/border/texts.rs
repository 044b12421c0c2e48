//! What the border takes for UTF-8 is what `core` takes for it: every pair of bytes, and four of those where a rule begins or ends.

use tidings_c::borrowed::is_utf8;

/// The first and the last byte of each row of RFC 3629, §4, and their neighbours.
const EDGES: [u8; 28] = [
    0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xA1, 0xBE, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
    0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
];

fn agrees(bytes: &[u8]) {
    assert_eq!(is_utf8(bytes), core::str::from_utf8(bytes).is_ok(), "{bytes:02x?}");
}

#[test]
fn every_pair_of_bytes_is_judged_as_core_judges_it() {
    agrees(&[]);
    for first in 0..=u8::MAX {
        agrees(&[first]);
        (0..=u8::MAX).for_each(|second| agrees(&[first, second]));
    }
}

#[test]
fn every_four_edges_are_judged_as_core_judges_them() {
    for first in EDGES {
        for second in EDGES {
            for third in EDGES {
                agrees(&[first, second, third]);
                EDGES.iter().for_each(|fourth| agrees(&[first, second, third, *fourth]));
            }
        }
    }
}
