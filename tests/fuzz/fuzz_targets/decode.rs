//! The `decode` command over any bytes: every byte is shown once and in order, and whatever is put into words can be printed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_collector::decode::{self, Piece, Reading};
use tidings_collector::present;
use tidings_fuzz::Script;
use tidings_wire::facts::Bytes;

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    match script.byte() & 3 {
        0 => whole(&decode::packet(script.0), script.0),
        1 => whole(&decode::packet(&checked(script.0)), &checked(script.0)),
        2 => {
            let mut shown = 0;
            for piece in decode::stream(script.0) {
                let (at, len) = match &piece {
                    Piece::Packet { at, reading } => (*at, reading.to_string().len().min(1)),
                    Piece::Dropped { at, len } => (*at, *len),
                };
                assert!(at >= shown && at + len <= script.0.len());
                shown = at + len;
            }
        }
        _ => {
            let (kind, key, value) = (script.byte(), script.bytes(), script.0);
            serde_json::to_string(&(present::key(kind, key), present::value(kind, key, value))).expect("JSON");
            assert!(!present::subject(kind, key).contains('\n') && !present::details(kind, key, value).contains('\n'));
        }
    }
});

/// With a CRC-32 that is right, so that the body counts.
fn checked(bytes: &[u8]) -> Vec<u8> {
    [bytes, &tidings_wire::crc::crc32(bytes).to_le_bytes()].concat()
}

fn whole(reading: &Reading, bytes: &[u8]) {
    let hex: String = reading.fields.iter().map(|field| field.hex.as_str()).collect();
    assert_eq!(hex, Bytes(bytes).to_string());
    assert!(!reading.to_string().is_empty());
}
