//! Packets from the host to a device, made of what the fuzzer wishes: any bytes, any body under a good check, or an Ack of any fields.

use crate::Script;
use tidings::KindMask;
use tidings::wire::MAX_PACKET;
use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, AckFlags, Command, Downlink};
use tidings::wire::packet::{Envelope, Plain, SuiteId, Unique, seal};

/// The id of the device.
pub const ID: &[u8] = b"d";

/// A packet of the host whose body `write` writes, under a good check.
pub fn packet(epoch: u32, write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let envelope = Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(ID), epoch, unique: Unique::None };
    let mut bytes = vec![0; MAX_PACKET];
    let mut out = Writer::new(&mut bytes);
    envelope.write(&mut out);
    let clear = out.len();
    write(&mut out);
    let body = out.len() - clear;
    let len = seal(&Plain, &envelope, &mut bytes, clear, body).unwrap_or(0);
    bytes.truncate(len);
    bytes
}

/// An Ack or a Stale of any fields, as an answer to packet `echo`.
pub fn answer(script: &mut Script<'_>, epoch: u32, echo: u64) -> Vec<u8> {
    let shape = script.byte();
    let answer = if shape & 0x80 != 0 {
        Downlink::Stale { echo, known: script.word() }
    } else {
        let option = |bit: u8| shape >> bit & 1 == 1;
        let command = Command { id: script.byte().into(), code: script.short(), args: script.bytes() };
        Downlink::Ack(Ack {
            echo,
            flags: AckFlags(script.byte() & 0xF),
            applied: script.byte().into(),
            want: KindMask(script.word()),
            marks: [script.byte(), script.byte(), script.byte(), script.byte()].map(u32::from),
            instance: option(0).then(|| script.byte().into()),
            retry_after_s: option(1).then(|| script.word()),
            challenge: option(2).then_some([7; 8]),
            command: option(3).then_some(command).filter(|command| command.args.len() <= Command::MAX_ARGS),
        })
    };
    packet(epoch, |out| answer.write(out))
}
