//! Event sections and event types (SPEC §3, §8).

use super::vector::*;
use serde_json::{Value, json};
use tidings_wire::event::{Event, Origin};
use tidings_wire::message::{Standing, head, write_buckets};
use tidings_wire::{EventType, KindMask, Severity};

const LOGIN: Event<'static> =
    Event { event_type: EventType::LOGIN_FAILED, age_ms: 300, actor: b"bob", data: b"ssh", origin: None };
const BARE: Event<'static> = Event { event_type: EventType::SHUTDOWN, age_ms: 0, actor: b"", data: b"", origin: None };

pub fn all() -> Vec<Vector> {
    [sections(), severities(), bodies(), kept(), limits(), forms(), vec![types()]].concat()
}

/// A Beat with an event section.
fn on_beat(groups: &[(Severity, u32, &[Event<'_>])]) -> Vec<u8> {
    up(|out| {
        out.u8(head::BEAT | head::EVENTS);
        section(out, groups);
        beat_fields(out);
    })
}

fn sections() -> Vec<Vector> {
    let told_login = json!({"type": "login failed", "age": 300, "actor": "626f62", "data": "737368", "origin": null, "later": "", "means": null});
    let told_bare =
        json!({"type": "shutdown", "age": 0, "actor": "", "data": "", "origin": null, "later": "", "means": null});
    let four: [(Severity, u32, &[Event<'_>]); 4] = [
        (Severity::Info, 1, &[BARE]),
        (Severity::Notice, 300, &[LOGIN, BARE]),
        (Severity::Warning, 9, &[]),
        (Severity::Critical, 7, &[LOGIN]),
    ];
    vec![
        Vector::body(
            "events/no group",
            "An empty section.",
            on_beat(&[]),
            json!({"type": "beat", "events": [], "seq": 5}),
        )
        .later(),
        Vector::body(
            "events/one",
            "One event before the fields of a Beat.",
            on_beat(&[(Severity::Notice, 7, &[LOGIN])]),
            json!({"events": [{"severity": "notice", "first": 7, "events": [told_login]}], "seq": 5, "digest": 0x1122_3344}),
        ),
        Vector::body(
            "events/count 0",
            "Everything before number 9 was dropped.",
            on_beat(&[(Severity::Warning, 9, &[])]),
            json!({"events": [{"severity": "warning", "first": 9, "events": []}]}),
        ),
        Vector::body(
            "events/four groups",
            "One a severity.",
            on_beat(&four),
            json!({"events": [
                {"severity": "info", "first": 1, "events": [told_bare]}, {"severity": "notice", "first": 300, "events": [told_login, told_bare]},
                {"severity": "warning", "first": 9, "events": []}, {"severity": "critical", "first": 7, "events": [told_login]},
            ]}),
        ),
    ]
}

fn severities() -> Vec<Vector> {
    let names = [
        ("events/info", Severity::Info, "info"),
        ("events/notice", Severity::Notice, "notice"),
        ("events/warning", Severity::Warning, "warning"),
        ("events/critical", Severity::Critical, "critical"),
    ];
    names
        .map(|(name, severity, called)| {
            let means = json!({"events": [{"severity": called, "first": 1, "events": [{"type": "shutdown"}]}]});
            Vector::body(name, "A group of this severity.", on_beat(&[(severity, 1, &[BARE])]), means)
        })
        .to_vec()
}

fn bodies() -> Vec<Vector> {
    let groups: &[(Severity, u32, &[Event<'_>])] = &[(Severity::Critical, 2, &[LOGIN])];
    let told = json!([{"severity": "critical", "first": 2, "events": [{"type": "login failed"}]}]);
    let with = |body_type: u8, fields: &dyn Fn(&mut tidings_wire::cursor::Writer<'_>)| {
        up(|out| {
            out.u8(body_type | head::EVENTS);
            section(out, groups);
            fields(out);
        })
    };
    let standing = Standing { compared: KindMask(1), ..Standing::default() };
    vec![
        Vector::body(
            "events/delta",
            "Before base; with a digest and one way.",
            with(head::DELTA | head::DIGEST | head::ONE_WAY, &|out| delta_fields(out, Some(1), &[])),
            json!({"type": "delta", "one_way": true, "events": told, "base": 4, "upto": 6, "digest": 1}),
        ),
        Vector::body(
            "events/range",
            "Before as_of.",
            with(head::RANGE, &|out| {
                out.u32(5);
            }),
            json!({"type": "range", "events": told, "as_of": 5}),
        ),
        Vector::body(
            "events/beat one way",
            "Before seq.",
            with(head::BEAT | head::ONE_WAY, &beat_fields),
            json!({"type": "beat", "one_way": true, "events": told, "seq": 5}),
        ),
        Vector::body(
            "events/buckets",
            "Before seq.",
            with(head::BUCKETS, &|out| {
                write_buckets(out, &standing);
                out.raw(&[1, 0, 0, 0]);
            }),
            json!({"type": "buckets", "events": told, "digests": [{"kind": "identity", "digest": 1}]}),
        ),
    ]
}

fn kept() -> Vec<Vector> {
    let origin = Some(Origin { epoch: 300, number: 2, uptime_s: 86_400 });
    let told = json!({"epoch": 300, "number": 2, "uptime_s": 86_400});
    let of = |name, what, event: Event<'_>, means: Value| {
        Vector::body(
            name,
            what,
            on_beat(&[(Severity::Critical, 1, &[event])]),
            json!({"events": [{"events": [means]}], "seq": 5}),
        )
    };
    let last = u32::MAX;
    vec![
        of(
            "events/kept",
            "Its device keeps it through a loss of power, and this is still the same boot.",
            Event { origin, ..LOGIN },
            json!({"type": "login failed", "age": 300, "origin": told, "later": ""}),
        ),
        of(
            "events/kept from an earlier boot",
            "How long the power was away is not known.",
            Event { origin, age_ms: last, ..BARE },
            json!({"type": "shutdown", "age": last, "origin": told, "later": ""}),
        ),
        of(
            "events/kept, at its limits",
            "Each field is a u32.",
            Event { origin: Some(Origin { epoch: last, number: last, uptime_s: last }), ..BARE },
            json!({"origin": {"epoch": last, "number": last, "uptime_s": last}, "later": ""}),
        ),
    ]
}

fn limits() -> Vec<Vector> {
    let longest = Event {
        event_type: EventType(u16::MAX),
        age_ms: u32::MAX,
        actor: b"0123456789abcdef",
        data: &[0x5A; 48],
        origin: None,
    };
    let last = u32::MAX;
    let with_more = up(|out| {
        out.u8(head::BEAT | head::EVENTS);
        out.raw(&[1, 1, 1, 9, 2, 0, 0, 0, 7, 1, 0, b'z', b'z']);
        beat_fields(out);
    });
    let without_origin = up(|out| {
        out.u8(head::BEAT | head::EVENTS);
        out.raw(&[1, 1, 1, 7, 2, 0, 0, 0, 0, b'z', b'z']);
        beat_fields(out);
    });
    vec![
        Vector::body(
            "events/longest",
            "16 bytes of actor and 48 of data.",
            on_beat(&[(Severity::Info, 1, &[longest])]),
            json!({"events": [{"events": [
                {"type": 65535, "age": u32::MAX, "actor": "30313233343536373839616263646566", "data": "5a".repeat(48)},
            ]}]}),
        ),
        Vector::body(
            "events/most of a group",
            "63 events.",
            on_beat(&[(Severity::Info, 1, &[BARE; 63])]),
            json!({"events": [{"first": 1, "events": vec![json!({"type": "shutdown"}); 63]}]}),
        ),
        Vector::body(
            "events/last numbers",
            "first + count is the last u32; with no event, first is.",
            on_beat(&[(Severity::Info, last - 1, &[BARE]), (Severity::Notice, last, &[])]),
            json!({"events": [{"first": last - 1, "events": [{}]}, {"first": last, "events": []}]}),
        ),
        Vector::body(
            "events/later fields",
            "Bytes within len that follow the origin are ignored.",
            with_more,
            json!({"events": [{"events": [{"type": "shutdown", "origin": {"epoch": 7, "number": 1, "uptime_s": 0}, "later": "7a7a"}]}], "seq": 5}),
        )
        .later(),
        Vector::body(
            "events/later fields without an origin",
            "An epoch of 0 is no origin, and bytes within len that follow it are ignored.",
            without_origin,
            json!({"events": [{"events": [{"type": "shutdown", "origin": null, "later": "7a7a"}]}], "seq": 5}),
        )
        .later(),
    ]
}

fn forms() -> Vec<Vector> {
    let of = |name, what, event_type, data: &[u8], means: Value| {
        let event = Event { event_type, data, ..BARE };
        Vector::body(name, what, on_beat(&[(Severity::Info, 1, &[event])]), json!({"events": [{"events": [means]}]}))
    };
    let crash = [0x08000101_u32.to_le_bytes(), 0x08000203_u32.to_le_bytes()].concat();
    vec![
        of(
            "events/text",
            "UTF-8.",
            EventType::TEXT,
            "Tür offen".as_bytes(),
            json!({"type": "text", "means": {"text": "Tür offen"}}),
        ),
        of(
            "events/text that is none",
            "Not UTF-8: opaque, not malformed.",
            EventType::TEXT,
            b"\xFF",
            json!({"type": "text", "data": "ff", "means": null}),
        ),
        of(
            "events/crash",
            "PC and LR.",
            EventType::CRASH,
            &crash,
            json!({"type": "crash", "means": {"pc": 0x08000101, "lr": 0x08000203}}),
        ),
        of(
            "events/crash cut short",
            "Not 8 bytes: opaque, not malformed.",
            EventType::CRASH,
            &crash[..7],
            json!({"type": "crash", "means": null}),
        ),
        of(
            "events/vendor",
            "A type of the vendor's.",
            EventType(0x8000),
            b"\x01",
            json!({"type": 0x8000, "data": "01", "means": null}),
        ),
        of("events/unknown type", "Shown as its number.", EventType(21), b"", json!({"type": 21, "means": null})),
    ]
}

fn types() -> Vector {
    let names = [
        "text",
        "boot",
        "shutdown",
        "login",
        "login failed",
        "logout",
        "tamper",
        "crash",
        "integrity failure",
        "storage fault",
        "configuration changed",
        "update result",
        "network attached",
        "network detached",
        "clock stepped",
        "watchdog",
        "debugger attached",
        "connection blocked",
        "resource exhausted",
        "reporting switched off or on",
        "unknown device",
    ];
    let events: Vec<_> = (0..21)
        .map(|n| Event { event_type: EventType(n), age_ms: 1, actor: b"a", data: b"12345678", origin: None })
        .collect();
    let means: Vec<_> =
        names.iter().map(|name| json!({"type": name, "age": 1, "actor": "61", "data": "3132333435363738"})).collect();
    Vector::body(
        "events/every type",
        "0 to 20, each with an actor and data.",
        on_beat(&[(Severity::Notice, 1, &events)]),
        json!({"events": [{"events": means}]}),
    )
}
