//! Random values and keys for property tests, drawn from a pool in which zero and empty are common, as they are on devices.
#![allow(dead_code)] // each test draws what it needs

use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::Cell;
use tidings_wire::facts::*;
use tidings_wire::fields::List;

/// What values are made of.
#[derive(Debug)]
pub struct Pool {
    numbers: Vec<u64>,
    texts: Vec<String>,
    blobs: Vec<Vec<u8>>,
}

pub fn pool() -> impl Strategy<Value = Pool> {
    let number = prop_oneof![3 => Just(0), 2 => 0..300_u64, 2 => any::<u64>()];
    let text = prop_oneof![1 => Just(String::new()), 1 => text()];
    let blob = prop_oneof![1 => Just(Vec::new()), 1 => vec(any::<u8>(), 0..9)];
    (vec(number, 16), vec(text, 8), vec(blob, 8)).prop_map(|(numbers, texts, blobs)| Pool { numbers, texts, blobs })
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..5).prop_map(String::from_iter)
}

impl Pool {
    pub fn draw(&self) -> Draw<'_> {
        Draw { pool: self, at: Cell::new(0) }
    }
}

/// Takes one thing after another out of a pool, around and around.
pub struct Draw<'p> {
    pool: &'p Pool,
    at: Cell<usize>,
}

impl<'p> Draw<'p> {
    fn next<T>(&self, list: &'p [T]) -> &'p T {
        self.at.set(self.at.get() + 1);
        &list[self.at.get() % list.len()]
    }

    pub fn u64(&self) -> u64 {
        *self.next(&self.pool.numbers)
    }
    pub fn u32(&self) -> u32 {
        self.u64() as u32
    }
    pub fn u16(&self) -> u16 {
        self.u64() as u16
    }
    pub fn u8(&self) -> u8 {
        self.u64() as u8
    }
    pub fn i64(&self) -> i64 {
        self.u64().cast_signed()
    }
    pub fn text(&self) -> &'p str {
        self.next(&self.pool.texts).as_str()
    }
    pub fn blob(&self) -> &'p [u8] {
        self.next(&self.pool.blobs).as_slice()
    }
    pub fn bytes(&self) -> Bytes<'p> {
        Bytes(self.blob())
    }
    /// None to seven texts.
    pub fn texts(&self) -> Vec<&'p str> {
        (0..self.u64() % 8).map(|_| self.text()).collect()
    }
    /// None to seven addresses, of any length.
    pub fn addresses(&self) -> Vec<Address<'p>> {
        (0..self.u64() % 8).map(|_| Address(self.blob())).collect()
    }

    pub fn scalar(&self) -> Scalar<'p> {
        match self.u8() % 8 {
            0 => Scalar::Unknown,
            1 => Scalar::Unsupported,
            2 => Scalar::Bool(self.u8() & 1 == 1),
            3 => Scalar::Int(self.i64()),
            4 => Scalar::Enum(self.u32()),
            5 => Scalar::Text(self.text()),
            6 => Scalar::Bytes(self.bytes()),
            _ => Scalar::Hash(self.bytes()),
        }
    }
    pub fn software(&self) -> SoftwareValue<'p> {
        SoftwareValue {
            version: self.text(),
            state: SoftwareState(self.u8()),
            class: SoftwareClass(self.u8()),
            scheme: self.u16(),
            digest: self.bytes(),
            build_id: self.bytes(),
            source: self.text(),
            source_version: self.text(),
            sbom: self.bytes(),
            name: self.text(),
            architecture: self.text(),
        }
    }
    pub fn account<'l>(&self, groups: &'l [&'p str]) -> AccountValue<'l>
    where
        'p: 'l,
    {
        AccountValue {
            roles: Roles(self.u32()),
            flags: AccountFlags(self.u32()),
            credential: Credential(self.u8()),
            uid: self.u32(),
            groups: List::new(groups),
            more_groups: self.u16(),
            shell: self.text(),
            name: self.text(),
        }
    }
    pub fn listener(&self) -> ListenerValue<'p> {
        ListenerValue { owner: self.text(), flags: ListenerFlags(self.u32()), account: self.text() }
    }
    pub fn neighbour<'l>(&self, addresses: &'l [Address<'p>]) -> NeighbourValue<'l>
    where
        'p: 'l,
    {
        NeighbourValue {
            addresses: List::new(addresses),
            more_addresses: self.u16(),
            name: self.text(),
            state: NeighbourState(self.u8()),
            security: LinkSecurity(self.u8()),
            first_seen: self.u64(),
        }
    }
    pub fn certificate(&self) -> CertificateValue<'p> {
        CertificateValue {
            certificate_type: CertificateType(self.u8()),
            fingerprint: self.bytes(),
            not_after: self.i64(),
            not_before: self.i64(),
            subject: self.text(),
            issuer: self.text(),
            serial: self.bytes(),
            usage: KeyUsage(self.u32()),
            key_kind: KeyKind(self.u8()),
            key_bits: self.u16(),
            role: CertificateRole(self.u8()),
            label: self.text(),
        }
    }
    pub fn health(&self) -> HealthValue {
        HealthValue {
            value: self.i64(),
            exponent: self.u8().cast_signed(),
            unit: Unit(self.u8()),
            state: Threshold(self.u8()),
        }
    }
    pub fn agent(&self) -> AgentValue {
        AgentValue { value: self.u64() }
    }
    pub fn update(&self) -> UpdateValue<'p> {
        UpdateValue {
            state: UpdateState(self.u8()),
            target: self.text(),
            percent: self.u8(),
            error: self.u32().cast_signed(),
        }
    }
    pub fn interface<'l>(&self, addresses: &'l [Address<'p>]) -> InterfaceValue<'l>
    where
        'p: 'l,
    {
        InterfaceValue {
            interface_type: InterfaceType(self.u8()),
            link: LinkAddress(self.blob()),
            flags: InterfaceFlags(self.u32()),
            addresses: List::new(addresses),
            more_addresses: self.u16(),
            network: self.text(),
            cell: self.text(),
            radio: Radio(self.u8()),
        }
    }
}
