//! Reassembly under any datagrams: each gives what a plain reassembly gives; and a set that comes whole, in any order, is the packet, whatever came
//! before under another id.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_fuzz::Script;
use tidings_fuzz::reassembly::{Plainly, datagram};
use tidings_wire::MAX_PACKET;
use tidings_wire::fragment::{Cutter, HEAD, Slot};

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let (mut slot, mut plain) = (Slot::new(), Plainly::default());
    for _ in 0..script.byte() & 63 {
        let datagram = next(&mut script);
        let got = slot.push(&datagram).map(|packet| packet.map(|bytes| bytes.to_vec()));
        assert_eq!(got.map_err(drop), plain.push(&datagram));
    }
    comes_whole(&mut slot, &mut script);
});

/// A fragment of one of a few packets, which differ in length or in one byte; or any bytes.
fn next(script: &mut Script<'_>) -> Vec<u8> {
    let shape = script.byte();
    if shape & 0xC0 == 0xC0 {
        return script.bytes().to_vec();
    }
    let (id, fill, index) = (shape & 1, shape >> 1 & 1, script.byte());
    let part = match shape >> 2 & 7 {
        0 => script.bytes().to_vec(),
        7 => vec![fill; usize::from(script.short() % 800)],
        len => vec![fill; usize::from(len)],
    };
    let index = if shape & 0x20 == 0 { index & 3 } else { index & 0x7F };
    datagram(id, index, shape & 0x40 != 0, &part)
}

fn comes_whole(slot: &mut Slot, script: &mut Script<'_>) {
    let id = slot.id().map_or(0, |id| id.wrapping_add(1));
    let link_mtu = usize::from(script.byte()) + HEAD + 1;
    let step = usize::from(script.byte()) * 2 + 1;
    let packet = script.0;
    let Ok(mut cutter) = Cutter::new(packet, id, link_mtu) else { return };
    if packet.len() > MAX_PACKET {
        return;
    }
    let mut room = vec![0; link_mtu];
    let mut parts: Vec<Vec<u8>> = Vec::new();
    while let Some(len) = cutter.next(&mut room) {
        parts.push(room[..len].to_vec());
    }
    let mut whole = None;
    while !parts.is_empty() {
        let part = parts.swap_remove(step % parts.len());
        whole = slot.push(&part).expect("it is a fragment").map(|bytes| bytes.to_vec());
        assert!(whole.is_some() == parts.is_empty(), "whole with the last one and not before");
    }
    assert_eq!(whole.as_deref(), Some(packet));
}
