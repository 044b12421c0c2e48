//! A whole conversation, whose digests any reader can recompute from the facts that it carries (SPEC §6).

use super::vector::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tidings_wire::cursor::Writer;
use tidings_wire::digest::hash;
use tidings_wire::facts::*;
use tidings_wire::message::{Hello, Standing, head, write_buckets};
use tidings_wire::packet::{Envelope, Unique};
use tidings_wire::record::Record;
use tidings_wire::segment::{Segment, fact};
use tidings_wire::{Digest, DigestKey, Kind, KindMask};

const COMPARED: KindMask = KindMask(1 | 1 << 1 | 1 << 2 | 1 << 15 | 1 << 20);

/// A fact table as a reader keeps it.
#[derive(Default)]
struct Table(BTreeMap<(u8, Vec<u8>), Vec<u8>>);

impl Table {
    fn put(&mut self, fact: RawFact<'_>) {
        self.0.insert((fact.kind.0, fact.key.to_vec()), fact.value.to_vec());
    }

    fn remove(&mut self, fact: RawFact<'_>) {
        self.0.remove(&(fact.kind.0, fact.key.to_vec()));
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().filter(move |((of, _), _)| *of == kind.0).map(|((_, key), value)| (&key[..], &value[..]))
    }

    fn digest(&self, kinds: KindMask) -> Digest {
        let mut digest = Digest::EMPTY;
        for kind in kinds.iter() {
            self.of(kind).for_each(|(key, value)| digest.add(hash(&DigestKey::default(), kind, key, value)));
        }
        digest
    }

    fn segment(&self, out: &mut Writer<'_>, kind: Kind) {
        Segment::write_head(out, kind, b"", true, self.of(kind).count() as u16);
        self.of(kind).for_each(|(key, value)| fact(out, key, value));
    }
}

fn at_boot() -> Table {
    let mut table = Table::default();
    table.put(encoded(&Identity::claim(Claim::SERIAL_NUMBER, Scalar::Text("A-0017"))));
    table.put(encoded(&Identity::claim(Claim::UEID, Scalar::Unknown)));
    table.put(encoded(&Software::slot(0).version("2.4.1").class(SoftwareClass::FIRMWARE)));
    table.put(encoded(&Software::component("modem").version("11").state(SoftwareState::STANDBY)));
    table.put(encoded(&account()));
    table.put(encoded(&VendorFact { vendor_kind: 0x0102, key: b"k", value: b"v" }));
    table.put(RawFact { kind: Kind(20), key: b"\x00\xff", value: b"" });
    table
}

fn account() -> Account<'static> {
    Account::named("root").flags(AccountFlags::ENABLED | AccountFlags::DEFAULT_PASSWORD)
}

pub fn all() -> Vec<Vector> {
    let mut table = at_boot();
    let before = table.digest(COMPARED);
    let hello = nth(0, |out| Hello { standing: standing(0, before), ..Hello::default() }.write(out));
    let range = nth(1, |out| {
        out.raw(&[head::RANGE, 0]);
        COMPARED.iter().for_each(|kind| table.segment(out, kind));
    });
    let (software, gone, new) = (
        encoded(&Software::slot(0).version("2.4.2").class(SoftwareClass::FIRMWARE)),
        encoded(&account()),
        encoded(&Account::named("op")),
    );
    table.put(software);
    table.remove(gone);
    table.put(new);
    let after = table.digest(COMPARED);
    let records = [
        Record { told: told(10, 1), ..put(software) },
        Record { value: None, told: told(9, 1), ..put(gone) },
        Record { told: told(8, 1), ..put(new) },
    ];
    let delta = nth(2, |out| {
        out.raw(&[head::DELTA | head::DIGEST, 0, 3]);
        out.raw(&after.short().to_le_bytes());
        records.iter().for_each(|record| record.write(out));
    });
    let beat = nth(3, |out| {
        out.raw(&[head::BEAT, 3]);
        out.raw(&after.short().to_le_bytes());
    });
    let packets = [hello, range, delta, beat, buckets(&table)];
    vec![super::framing::stream(
        "sync/a whole conversation",
        "Hello, Range, Delta, Beat and Buckets over one set of facts; every digest is that of the facts so far.",
        &packets,
        means(before, after, &table),
    )]
}

fn nth(ctr: u64, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    packet(&Envelope { unique: Unique::Counter(ctr), ..UP }, body)
}

fn standing(seq: u32, total: Digest) -> Standing {
    Standing { seq, compared: COMPARED, off: KindMask(1 << 4), acc_epoch: 0, total: total.0 }
}

fn buckets(table: &Table) -> Vec<u8> {
    nth(4, |out| {
        out.u8(head::BUCKETS);
        write_buckets(out, &standing(3, table.digest(COMPARED)));
        COMPARED.iter().for_each(|kind| {
            out.raw(&table.digest(KindMask::of(kind)).short().to_le_bytes());
        });
    })
}

fn means(before: Digest, after: Digest, table: &Table) -> Value {
    let digest = |kind: u8| table.digest(KindMask::of(Kind(kind))).short();
    json!([
        {"ctr": 0, "body": {"type": "hello", "seq": 0, "compared": ["identity", "software", "account", "vendor", 20], "off": ["neighbour"], "total": before.0}},
        {"ctr": 1, "body": {"type": "range", "as_of": 0, "segments": [
            {"kind": "identity", "facts": [{"means": {"key": {"claim": "ueid"}}}, {"means": {"key": {"claim": "serial number"}}}]},
            {"kind": "software", "facts": [{"means": {"key": {"slot": 0}}}, {"means": {"key": {"name": "modem"}}}]},
            {"kind": "account", "facts": [{"means": {"key": {"name": "root"}}}]},
            {"kind": "vendor", "facts": [{"key": "01026b", "value": "76"}]},
            {"kind": 20, "facts": [{"key": "00ff", "value": ""}]},
        ]}},
        {"ctr": 2, "body": {"type": "delta", "base": 0, "upto": 3, "digest": after.short(), "records": [
            {"op": "put told", "kind": "software"}, {"op": "remove told", "kind": "account"}, {"op": "put told", "kind": "account"},
        ]}},
        {"ctr": 3, "body": {"type": "beat", "seq": 3, "digest": after.short()}},
        {"ctr": 4, "body": {"type": "buckets", "seq": 3, "total": after.0, "digests": [
            {"kind": "identity", "digest": digest(0)}, {"kind": "software", "digest": digest(1)}, {"kind": "account", "digest": digest(2)},
            {"kind": "vendor", "digest": digest(15)}, {"kind": 20, "digest": digest(20)},
        ]}},
    ])
}
