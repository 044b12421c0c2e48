//! The stream decoder beside a plain one: any bytes, any room. What the encoder makes is found again, whatever came before and wherever it was cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_fuzz::Script;
use tidings_wire::cobs::{Decoder, Encoder, Step, frame_len};

/// Longer than any packet, so that runs of 254 bytes come several times.
const LONGEST: usize = 2304;

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let (shape, room) = (script.byte(), usize::from(script.short() % 2400));
    let packet = if shape & 1 == 0 { script.0.to_vec() } else { runs(&mut script) };
    let frame = encoded(&packet);
    let before = script.0;
    let mut stream = [before, &frame].concat();
    if shape & 2 != 0 {
        stream.remove(usize::from(shape >> 2) * stream.len() / 64);
    }
    assert_eq!(frames(&stream, room), plainly(&stream, room));
    let stream = [before, &frame].concat();
    let found = frames(&stream, packet.len());
    if !packet.is_empty() {
        assert_eq!(found.last().and_then(Option::as_deref), Some(&packet[..]));
    }
});

/// Runs of one byte each, of zeros too: a few bytes of script make a long packet.
fn runs(script: &mut Script<'_>) -> Vec<u8> {
    let mut packet = Vec::new();
    for _ in 0..script.byte() & 15 {
        let (byte, len) = (script.byte(), usize::from(script.short() & 0x3FF));
        packet.extend(std::iter::repeat_n(byte, len.min(LONGEST - packet.len())));
    }
    packet
}

fn encoded(packet: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    let frame: Vec<u8> = std::iter::from_fn(|| encoder.next(packet)).collect();
    assert!(frame.len() <= frame_len(packet.len()));
    assert!(frame.iter().filter(|byte| **byte == 0).count() == 2, "zeros stand at the ends alone");
    frame
}

/// Each frame that ended: its packet, or that it was dropped.
fn frames(stream: &[u8], room: usize) -> Vec<Option<Vec<u8>>> {
    let (mut decoder, mut buffer) = (Decoder::new(), vec![0; room]);
    let step = |byte: &u8| match decoder.push(*byte, &mut buffer) {
        Step::More => None,
        Step::Frame(len) => Some(Some(buffer[..len].to_vec())),
        Step::Dropped => Some(None),
    };
    stream.iter().filter_map(step).collect()
}

/// The same with the whole stream in hand; what lies before the first zero and after the last is no frame.
fn plainly(stream: &[u8], room: usize) -> Vec<Option<Vec<u8>>> {
    let pieces: Vec<&[u8]> = stream.split(|byte| *byte == 0).collect();
    let inner = if pieces.len() < 3 { &[] } else { &pieces[1..pieces.len() - 1] };
    inner.iter().filter(|piece| !piece.is_empty()).map(|piece| packet(piece, room)).collect()
}

fn packet(mut code: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut packet = Vec::new();
    while let [length, rest @ ..] = code {
        let run = rest.get(..usize::from(*length) - 1)?;
        packet.extend(run);
        code = &rest[run.len()..];
        if *length < 255 && !code.is_empty() {
            packet.push(0);
        }
    }
    (packet.len() <= room && !packet.is_empty()).then_some(packet)
}
