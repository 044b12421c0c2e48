//! The stream decoder beside a plain one: any bytes, any room. What the encoder makes is found again, whatever came before.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_fuzz::Script;
use tidings_wire::cobs::{Decoder, Encoder, Step, frame_len};

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let room = usize::from(script.short() % 600);
    assert_eq!(frames(script.0, room), plainly(script.0, room));
    let mut encoder = Encoder::new();
    let frame: Vec<u8> = std::iter::from_fn(|| encoder.next(script.0)).collect();
    assert!(frame.len() <= frame_len(script.0.len()));
    assert!(frame.iter().filter(|byte| **byte == 0).count() == 2, "zeros stand at the ends alone");
    let stream = [script.0, &frame].concat();
    let found = frames(&stream, script.0.len());
    if !script.0.is_empty() {
        assert_eq!(found.last().and_then(Option::as_deref), Some(script.0));
    }
});

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
