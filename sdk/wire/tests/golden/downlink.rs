//! Downlink bodies (SPEC §4).

use super::vector::*;
use serde_json::{Value, json};
use tidings_wire::KindMask;
use tidings_wire::message::{Ack, AckFlags, Command, Downlink};
use tidings_wire::packet::Envelope;

const ACK: Ack<'static> = Ack {
    echo: 42,
    flags: AckFlags(0),
    applied: 300,
    want: KindMask(0),
    marks: [1, 2, 3, 400],
    instance: None,
    retry_after_s: None,
    challenge: None,
    command: None,
};
const COMMAND: Command<'static> = Command { id: 7, code: 300, args: b"hi" };

pub fn all() -> Vec<Vector> {
    [envelopes(), acks(), flags(), options(), later(), stale()].concat()
}

fn ack(ack: Ack<'_>) -> Vec<u8> {
    down(&Downlink::Ack(ack))
}

fn envelopes() -> Vec<Vector> {
    let answer = Envelope { kid: Some(5), id: Some(b"pump-7"), epoch: 300, ..DOWN };
    vec![
        Vector::packet(
            "downlink/smallest",
            "No ctr and no nonce in the plain suite.",
            ack(ACK),
            json!({
                "version": 1, "direction": "down", "suite": "plain", "kid": null, "id": null, "epoch": 1, "body": {"type": "ack"},
            }),
        ),
        Vector::packet(
            "downlink/kid and id",
            "Those of the packet that is answered.",
            packet(&answer, |out| Downlink::Ack(ACK).write(out)),
            json!({"direction": "down", "kid": 5, "id": "70756d702d37", "epoch": 300}),
        ),
    ]
}

fn acks() -> Vec<Vector> {
    let most = Ack {
        echo: (1 << 56) - 1,
        applied: u32::MAX,
        want: KindMask(1 | 1 << 15 | 1 << 31),
        marks: [u32::MAX; 4],
        ..ACK
    };
    vec![
        Vector::body(
            "ack/zero",
            "Every field 0.",
            ack(Ack::default()),
            json!({
                "type": "ack", "echo": 0, "flags": [], "applied": 0, "want": [], "mark": [0, 0, 0, 0], "instance": null, "retry_after_s": null,
                "challenge": null, "command": null, "later": "",
            }),
        ),
        Vector::body(
            "ack/plain",
            "Everything was taken.",
            ack(ACK),
            json!({"echo": 42, "flags": [], "applied": 300, "want": [], "mark": [1, 2, 3, 400]}),
        ),
        Vector::body(
            "ack/every number at its end",
            "Integers at the end of their widths.",
            ack(most),
            json!({
                "echo": 0xFF_FFFF_FFFF_FFFF_u64, "applied": u32::MAX, "want": ["identity", "vendor", 31], "mark": [u32::MAX, u32::MAX, u32::MAX, u32::MAX],
            }),
        ),
    ]
}

fn flags() -> Vec<Vector> {
    let flag = |name, what, flag: AckFlags, names: Value| {
        Vector::body(name, what, ack(Ack { flags: flag, ..ACK }), json!({"flags": names}))
    };
    let hello = AckFlags::NEED_HELLO.with(AckFlags::NOT_APPLIED, true);
    vec![
        Vector::body(
            "ack/need hello",
            "The epoch is not known: applied, want and marks are 0.",
            ack(Ack { flags: hello, echo: 42, ..Ack::default() }),
            json!({"flags": ["need_hello", "not_applied"], "applied": 0, "want": [], "mark": [0, 0, 0, 0]}),
        ),
        flag("ack/ask", "Send Buckets.", AckFlags::ASK, json!(["ask"])),
        flag("ack/not applied", "The body was refused.", AckFlags::NOT_APPLIED, json!(["not_applied"])),
        flag(
            "ack/unsupported",
            "The type is not known.",
            AckFlags::UNSUPPORTED.with(AckFlags::NOT_APPLIED, true),
            json!(["not_applied", "unsupported"]),
        ),
        flag(
            "ack/every flag",
            "All four low bits.",
            AckFlags(15),
            json!(["need_hello", "ask", "not_applied", "unsupported"]),
        ),
        Vector::body(
            "ack/want",
            "Kinds wanted as Range.",
            ack(Ack { want: KindMask(0b110), ..ACK }),
            json!({"flags": [], "want": ["software", "account"]}),
        ),
    ]
}

fn options() -> Vec<Vector> {
    let (instance, retry_after_s, challenge) = (Some(0x1234_5678), Some(600), Some(*b"CHALLENG"));
    let command = Some(COMMAND);
    let longest = Command { id: u32::MAX, code: u16::MAX, args: &[0x5A; Command::MAX_ARGS] };
    vec![
        Vector::body(
            "ack/instance",
            "Bit 4.",
            ack(Ack { instance, ..ACK }),
            json!({"instance": 0x1234_5678, "retry_after_s": null, "challenge": null, "command": null}),
        ),
        Vector::body(
            "ack/retry after",
            "Bit 5.",
            ack(Ack { retry_after_s, ..ACK }),
            json!({"instance": null, "retry_after_s": 600, "challenge": null, "command": null}),
        ),
        Vector::body(
            "ack/challenge",
            "Bit 6.",
            ack(Ack { challenge, ..ACK }),
            json!({"instance": null, "retry_after_s": null, "challenge": "4348414c4c454e47", "command": null}),
        ),
        Vector::body(
            "ack/command",
            "Bit 7.",
            ack(Ack { command, ..ACK }),
            json!({"instance": null, "retry_after_s": null, "challenge": null, "command": {"id": 7, "code": 300, "args": "6869"}}),
        ),
        Vector::body(
            "ack/every option",
            "All four, in the order of their bits.",
            ack(Ack { instance, retry_after_s, challenge, command, ..ACK }),
            json!({
                "flags": [], "instance": 0x1234_5678, "retry_after_s": 600, "challenge": "4348414c4c454e47",
                "command": {"id": 7, "code": 300, "args": "6869"}, "later": "",
            }),
        ),
        Vector::body(
            "ack/largest command",
            "64 bytes of args.",
            ack(Ack { command: Some(longest), ..ACK }),
            json!({"command": {"id": u32::MAX, "code": u16::MAX, "args": "5a".repeat(64)}}),
        ),
    ]
}

fn later() -> Vec<Vector> {
    let followed = |answer: Downlink<'_>| {
        packet(&DOWN, |out| {
            answer.write(out);
            out.raw(b"new");
        })
    };
    vec![
        Vector::body(
            "ack/later",
            "Bytes after the last known field are ignored.",
            followed(Downlink::Ack(Ack { command: Some(COMMAND), ..ACK })),
            json!({"applied": 300, "command": {"id": 7, "code": 300, "args": "6869"}, "later": "6e6577"}),
        )
        .later(),
        Vector::body(
            "stale/later",
            "Bytes after the last known field are ignored.",
            followed(Downlink::Stale { echo: 42, known: 9 }),
            json!({"known": 9, "later": "6e6577"}),
        )
        .later(),
        Vector::body(
            "downlink/config",
            "Reserved; a device ignores it.",
            followed(Downlink::Unknown { echo: 42, number: 2 }),
            json!({"type": "config", "echo": 42, "bytes": "6e6577"}),
        )
        .later(),
    ]
}

fn stale() -> Vec<Vector> {
    let number = |name, number, means: Value| {
        let answer = Downlink::Unknown { echo: 42, number };
        Vector::body(name, "A device ignores it.", down(&answer), json!({"type": means, "echo": 42, "bytes": ""}))
    };
    vec![
        Vector::body(
            "stale/plain",
            "The host knows a newer epoch.",
            down(&Downlink::Stale { echo: 42, known: 9 }),
            json!({"type": "stale", "echo": 42, "known": 9, "later": ""}),
        ),
        Vector::body(
            "stale/every number at its end",
            "Integers at the end of their widths.",
            down(&Downlink::Stale { echo: (1 << 56) - 1, known: u32::MAX }),
            json!({"echo": 0xFF_FFFF_FFFF_FFFF_u64, "known": u32::MAX}),
        ),
        number("downlink/time", 3, json!("time")),
        number("downlink/rekey", 4, json!("rekey")),
        number("downlink/unknown type", 200, json!(200)),
    ]
}
