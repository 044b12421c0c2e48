//! Reassembly under any datagrams: no panic, never more than a packet; and a set that comes whole, in any order, is the packet, whatever came before.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_fuzz::Script;
use tidings_wire::MAX_PACKET;
use tidings_wire::fragment::{Cutter, Slot};

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let mut slot = Slot::new();
    for _ in 0..script.byte() {
        if let Ok(Some(packet)) = slot.push(script.bytes()) {
            assert!(!packet.is_empty() && packet.len() <= MAX_PACKET);
        }
    }
    let id = slot.id().map_or(0, |id| id.wrapping_add(1));
    let link_mtu = usize::from(script.byte()) + 3;
    let step = usize::from(script.byte()) * 2 + 1;
    let packet = script.0;
    if packet.len() > MAX_PACKET {
        return;
    }
    let Ok(mut cutter) = Cutter::new(packet, id, link_mtu) else { return };
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
});
