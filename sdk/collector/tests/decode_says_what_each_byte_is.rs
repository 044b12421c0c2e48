//! The decoder shows every byte once, agrees with the readers that the collector uses, and survives anything.

use proptest::prelude::*;
use tidings_collector::decode::{self, BadHex, Piece, Reading, parse_hex};
use tidings_wire::cobs;
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, Severity};
use tidings_wire::message::{Ack, AckFlags, Command, Downlink, Hello, Standing, head, write_buckets};
use tidings_wire::packet::{self, Envelope, Plain, SuiteId, Unique};
use tidings_wire::record::{Record, Told};
use tidings_wire::segment::{self, Segment};
use tidings_wire::{Kind, KindMask};

const UP: Envelope<'_> =
    Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(b"dev1"), epoch: 300, unique: Unique::Counter(5) };
const DOWN: Envelope<'_> = Envelope { unique: Unique::None, kid: Some(7), id: None, ..UP };

fn packet(envelope: &Envelope<'_>, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 600];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    body(&mut out);
    let len = out.len() - clear;
    let len = packet::seal(&Plain, envelope, &mut buffer, clear, len).unwrap();
    buffer[..len].to_vec()
}

fn delta() -> Vec<u8> {
    packet(&UP, |out| {
        out.u8(head::DELTA | head::EVENTS | head::DIGEST);
        out.u8(1);
        let at = Group::write_head(out, Severity::Warning, 9);
        Event { event_type: EventType::LOGIN_FAILED, age_ms: 40, actor: b"root", data: b"ssh", origin: None }
            .write(out);
        Group::patch_count(out, at, Severity::Warning, 1);
        out.u32(3);
        out.u32(2);
        out.raw(&[1, 2, 3, 4]);
        let key = [&[2, 4][..], b"curl", &[5], b"amd64"].concat();
        let told = Some(Told { age_ms: 250, count: 2 });
        Record { kind: Kind::SOFTWARE, key: &key, value: Some(b"\x067.88.1"), told }.write(out);
        Record { kind: Kind::SOFTWARE, key: &[0], value: None, told: None }.write(out);
        out.raw(&[0x85, 2, 9, 9]);
    })
}

/// One packet of each message.
fn packets() -> Vec<Vec<u8>> {
    let standing = Standing { seq: 9, compared: KindMask(0b1010), off: KindMask(4), acc_epoch: 1, total: 7 };
    let hello = Hello { standing, challenge: Some([1; 8]), instance: Some(2), ..Hello::default() };
    let command = Some(Command { id: 1, code: 2, args: b"abc" });
    let ack = Ack {
        echo: 5,
        flags: AckFlags::ASK,
        instance: Some(1),
        retry_after_s: Some(2),
        challenge: Some([0; 8]),
        command,
        ..Ack::default()
    };
    vec![
        delta(),
        packet(&UP, |out| hello.write(out)),
        packet(&UP, |out| {
            out.u8(head::RANGE);
            out.u32(4);
            Segment::write_head(out, Kind(29), b"a", true, 1);
            segment::fact(out, b"b", b"c");
        }),
        packet(&UP, |out| {
            out.raw(&[head::BEAT | head::ONE_WAY, 1, 1, 2, 3, 4, 99]);
        }),
        packet(&UP, |out| {
            out.u8(head::BUCKETS);
            write_buckets(out, &standing);
            out.raw(&[0; 8]);
        }),
        packet(&UP, |out| {
            out.raw(&[0x0C, 1, 2, 3]);
        }),
        packet(&DOWN, |out| Downlink::Ack(ack).write(out)),
        packet(&DOWN, |out| Downlink::Stale { echo: 3, known: 9 }.write(out)),
        packet(&DOWN, |out| Downlink::Unknown { echo: 3, number: 4 }.write(out)),
    ]
}

fn shown(reading: &Reading) -> Vec<u8> {
    parse_hex(&reading.fields.iter().map(|field| field.hex.as_str()).collect::<String>()).unwrap()
}

fn is_doubtful(reading: &Reading) -> bool {
    reading.fields.iter().any(|field| field.meaning.contains("malformed") || field.meaning.contains("not understood"))
}

#[test]
fn a_delta_reads_like_this() {
    let expected = "\
0000  21                       version 1, device to host, plain, device id
0001  04 64 65 76 31           device id: \"dev1\"
0006  ac 02                    epoch: 300
0008  05                       packet number: 5
0009  c1                         Delta, events, digest
000a  01                         groups of events: 1
000b  81                           events: 1 of severity warning
000c  09                           number of the first: 9
000d  0b                             event: 11 bytes
000e  04                               type: login failed
000f  28                               age: 40 ms
0010  04 72 6f 6f 74                   actor: \"root\"
0015  03 73 73 68                      data: login failed root: ssh
0019  03                         changes after: 3
001a  02                         so many: 2, up to 5
001b  01 02 03 04                digest, low half: 04030201
001f  06                         record: put software, with age and count
0020  0c 02 04 63 75 72 6c 05      key: software deb curl amd64
0028  61 6d 64 36 34
002d  07 06 37 2e 38 38 2e 31      value: 7.88.1
0035  fa 01                        age: 250 ms
0037  02                           count of its changes: 2
0038  05                         record: remove software
0039  01 00                        key: software slot 0
003b  85                         record: of a later version
003c  02 09 09                     extension: skipped
003f  ";
    let text = decode::packet(&delta()).to_string();
    assert!(text.starts_with(expected), "{text}");
    assert!(text.ends_with("CRC-32: right\n      => good\n"), "{text}");
}

#[test]
fn every_message_is_understood_to_the_last_byte() {
    for bytes in packets() {
        let reading = decode::packet(&bytes);
        assert_eq!((shown(&reading), reading.verdict.as_str()), (bytes, "good"), "{reading}");
        assert!(!is_doubtful(&reading), "{reading}");
    }
}

#[test]
fn damage_is_named() {
    let mut flipped = delta();
    flipped[0x20] ^= 1;
    let reading = decode::packet(&flipped);
    assert_eq!(reading.verdict, "check failed: noise, wrong key, or tampering");
    assert!(reading.fields.last().unwrap().meaning.contains("wrong, should be"), "{reading}");
    assert_eq!(decode::packet(&[0x41]).verdict, "wire version 2, this is 1");
    assert_eq!(decode::packet(&[]).verdict, "malformed packet");
    let overlapping = packet(&UP, |out| {
        let (compared, off) = (KindMask(3), KindMask(1));
        Hello { standing: Standing { compared, off, ..Standing::default() }, ..Hello::default() }.write(out);
    });
    assert_eq!(decode::packet(&overlapping).verdict, "malformed packet");
}

#[test]
fn a_sealed_packet_shows_its_clear_fields() {
    let mut bytes = delta();
    bytes[0] |= 1 << 2;
    let reading = decode::packet(&bytes);
    let meanings: Vec<&str> = reading.fields.iter().map(|field| field.meaning.as_str()).collect();
    assert_eq!(meanings[1..], ["device id: \"dev1\"", "epoch: 300", "packet number: 5", "sealed body", "tag"]);
    assert_eq!(reading.verdict, "sealed under suite 1: only its key can tell");
    assert_eq!(shown(&reading), bytes);
}

#[test]
fn a_stream_is_cut_at_its_zeros() {
    let mut capture = vec![7, 7, 7];
    for bytes in [delta(), vec![0x21]] {
        let mut encoder = cobs::Encoder::new();
        capture.extend(core::iter::from_fn(|| encoder.next(&bytes)));
    }
    let start = capture.len();
    capture.extend([0, 5, 1, 1, 0, 0, 9, 9]);
    let pieces = decode::stream(&capture);
    let [
        Piece::Dropped { at: 0, len: 3 },
        Piece::Packet { at: 4, reading: first },
        Piece::Packet { reading: second, .. },
        cut,
        open,
    ] = &pieces[..]
    else {
        panic!("{pieces:#?}")
    };
    assert_eq!((first, second.verdict.as_str()), (&decode::packet(&delta()), "malformed packet"));
    assert_eq!((cut, open), (&Piece::Dropped { at: start + 1, len: 3 }, &Piece::Dropped { at: start + 6, len: 2 }));
}

#[test]
fn hex_is_read_as_people_paste_it() {
    assert_eq!(parse_hex("0x21 04:64\n65-76,31 0xAB"), Ok(vec![0x21, 4, 0x64, 0x65, 0x76, 0x31, 0xAB]));
    assert_eq!(parse_hex(""), Ok(vec![]));
    assert_eq!(parse_hex("2g"), Err(BadHex::Digit { at: 1, found: 'g' }));
    assert_eq!(parse_hex("2 1"), Err(BadHex::Digit { at: 1, found: ' ' }));
    assert_eq!(parse_hex("123"), Err(BadHex::Odd));
}

#[test]
fn the_json_form_has_the_same_fields() {
    let json = serde_json::to_value(decode::packet(&delta())).unwrap();
    assert_eq!(
        json["fields"][1],
        serde_json::json!({"offset": 1, "hex": "0464657631", "depth": 0, "meaning": "device id: \"dev1\""})
    );
    assert_eq!(json["verdict"], "good");
}

proptest! {
    #[test]
    fn every_byte_is_shown_once_and_verdicts_agree(
        which in 0usize..9,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        repair in any::<bool>(),
    ) {
        let mut bytes = packets()[which].clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if repair && bytes.len() > 4 {
            let body = bytes.len() - 4;
            let crc = tidings_wire::crc::crc32(&bytes[..body]).to_le_bytes();
            bytes[body..].copy_from_slice(&crc);
        }
        let reading = decode::packet(&bytes);
        prop_assert_eq!(&shown(&reading), &bytes);
        if reading.verdict == "good" {
            prop_assert!(!is_doubtful(&reading), "{}", reading);
        }
    }

    #[test]
    fn garbage_is_shown_too(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(shown(&decode::packet(&bytes)), bytes.clone());
        let total: usize = decode::stream(&bytes).iter().map(|piece| match piece {
            Piece::Dropped { len, .. } => *len,
            Piece::Packet { reading, .. } => shown(reading).len(),
        }).sum();
        prop_assert!(total <= bytes.len());
    }
}
