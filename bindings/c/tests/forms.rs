//! The bytes of a struct of C are those of the fact of the same name in the crate `tidings`, whatever is in its fields.
//!
//! Promise: every kind, every form of its key, every type of a scalar; texts, lists and numbers at random, zero and empty often, which is what is
//! trimmed. The border is called as C calls it. Not here: what is refused (`c/facts.c`).

use proptest::prelude::*;
use std::mem::MaybeUninit;
use tidings::facts::*;
use tidings::wire::fields::{Encoder, List};
use tidings::{Fact, Kind};
use tidings_c::agent::{tidings_agent_t, tidings_deinit, tidings_init};
use tidings_c::borrowed::tidings_bytes_t;
use tidings_c::config::{TIDINGS_PROFILE_TCP, tidings_config_t};
use tidings_c::facts::{account::*, agent_item::*, certificate::*, health::*, identity::*, interface::*, listener::*};
use tidings_c::facts::{neighbour::*, raw::*, scalar::*, setting::*, software::*, update::*, vendor::*};
use tidings_c::status::{TIDINGS_OK, TIDINGS_UNCHANGED, tidings_status_t};
use tidings_c::version::TIDINGS_ABI;
use tidings_c::view::{tidings_view, tidings_view_t};

/// What the fields of a struct are filled from.
#[derive(Debug, Clone)]
struct Stuff {
    texts: [String; 7],
    bytes: [Vec<u8>; 4],
    numbers: [u64; 6],
    form: u8,
    scalar: u8,
    listed: usize,
}

fn stuff() -> impl Strategy<Value = Stuff> {
    let text = || prop_oneof![2 => Just(String::new()), 3 => "\\PC{1,5}"];
    let bytes = || prop_oneof![Just(Vec::new()), prop::collection::vec(any::<u8>(), 1..12)];
    let number = || prop_oneof![Just(0), 0..300u64, any::<u64>()];
    let texts = [text(), text(), text(), text(), text(), text(), text()];
    let bytes = [bytes(), bytes(), bytes(), bytes()];
    let numbers = [number(), number(), number(), number(), number(), number()];
    (texts, bytes, numbers, 0..3u8, 0..8u8, 0..=4usize)
        .prop_map(|(texts, bytes, numbers, form, scalar, listed)| Stuff { texts, bytes, numbers, form, scalar, listed })
}

impl Stuff {
    fn text(&self, at: usize) -> (&str, tidings_bytes_t) {
        (&self.texts[at], given(self.texts[at].as_bytes()))
    }

    fn blob(&self, at: usize) -> (&[u8], tidings_bytes_t) {
        (&self.bytes[at], given(&self.bytes[at]))
    }

    fn scalar(&self) -> (Scalar<'_>, tidings_scalar_t) {
        let [number, ..] = self.numbers;
        let ((text, c_text), (bytes, c_bytes)) = (self.text(6), self.blob(3));
        let (rust, number, bytes) = match self.scalar {
            0 => (Scalar::Unknown, 7, c_text),
            1 => (Scalar::Unsupported, 7, c_text),
            2 => (Scalar::Bool(number & 1 == 1), (number & 1).cast_signed(), c_text),
            3 => (Scalar::Int(number.cast_signed()), number.cast_signed(), c_text),
            4 => (Scalar::Enum(number as u32), i64::from(number as u32), c_text),
            5 => (Scalar::Text(text), 7, c_text),
            6 => (Scalar::Bytes(Bytes(bytes)), 7, c_bytes),
            _ => (Scalar::Hash(Bytes(bytes)), 7, c_bytes),
        };
        (rust, tidings_scalar_t { scalar_type: self.scalar, number, bytes })
    }
}

fn given(bytes: &[u8]) -> tidings_bytes_t {
    tidings_bytes_t { ptr: bytes.as_ptr().cast(), len: bytes.len() }
}

/// An agent as C has it.
struct Device {
    agent: Box<MaybeUninit<tidings_agent_t>>,
    _table: Vec<u64>,
}

impl Device {
    fn new() -> Self {
        // SAFETY: all zero is a configuration; its pointers are set below.
        let mut config: tidings_config_t = unsafe { MaybeUninit::zeroed().assume_init() };
        let mut table = vec![0_u64; 512];
        (config.struct_size, config.abi) = (size_of::<tidings_config_t>() as u32, TIDINGS_ABI);
        (config.table, config.table_len) = (table.as_mut_ptr().cast(), 4096);
        (config.id, config.profile, config.mtu) = (given(b"forms"), TIDINGS_PROFILE_TCP, 2304);
        let mut agent = Box::new(MaybeUninit::zeroed());
        // SAFETY: the handle and the table live as long as this.
        assert_eq!(unsafe { tidings_init(agent.as_mut_ptr(), &raw const config) }, TIDINGS_OK);
        Self { agent, _table: table }
    }

    /// The fact that it holds beside what it says of itself.
    fn held(&mut self, kind: Kind, key: &[u8]) -> Option<Vec<u8>> {
        for index in 0.. {
            let nothing = tidings_bytes_t { ptr: std::ptr::null(), len: 0 };
            let mut view = tidings_view_t { kind: 0, key: nothing, value: nothing };
            // SAFETY: a live handle; what is viewed stays until the next call.
            unsafe {
                if tidings_view(self.agent.as_mut_ptr(), index, &raw mut view) != TIDINGS_OK {
                    return None;
                }
                let [held, value] = [view.key, view.value].map(|part| {
                    if part.len == 0 {
                        Vec::new()
                    } else {
                        std::slice::from_raw_parts(part.ptr.cast(), part.len).to_vec()
                    }
                });
                if view.kind == kind.0 && held == key {
                    return Some(value);
                }
            }
        }
        None
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: a live handle.
        unsafe { tidings_deinit(self.agent.as_mut_ptr()) };
    }
}

fn part(fact: &dyn Fact, part: Part) -> (Kind, Vec<u8>) {
    let mut room = [0; 600];
    let mut out = Encoder::into(&mut room);
    let kind = fact.encode(part, &mut out);
    let len = if part == Part::Key { out.key().expect("a key within its bound") } else { out.finish().len };
    (kind, room[..len].to_vec())
}

type Call<T> = unsafe extern "C" fn(*mut tidings_agent_t, *const T) -> tidings_status_t;

/// Recorded by C, it is the fact that Rust has; removed by C, that one is gone.
fn same<T>(rust: &dyn Fact, c: &T, record: Call<T>, remove: Call<T>) {
    let (mut device, (kind, key), (_, value)) = (Device::new(), part(rust, Part::Key), part(rust, Part::Value));
    // SAFETY: a live handle, and a struct whose pointers live.
    let call = |call: Call<T>, device: &mut Device| unsafe { call(device.agent.as_mut_ptr(), &raw const *c) };
    assert_eq!(call(record, &mut device), TIDINGS_OK);
    assert_eq!(device.held(kind, &key), Some(value), "{kind:?}");
    assert_eq!(call(record, &mut device), TIDINGS_UNCHANGED);
    assert_eq!(call(remove, &mut device), TIDINGS_OK);
    assert_eq!(device.held(kind, &key), None, "{kind:?}");
}

fn account(from: &Stuff) {
    let [uid, roles, flags, more, credential, key_uid] = from.numbers;
    let ((name, key_name), (hash, key_hash), (realm, key_realm)) = (from.text(0), from.blob(0), from.text(1));
    let ((shell, c_shell), (label, c_label)) = (from.text(2), from.text(3));
    let groups: Vec<&str> = from.texts.iter().take(from.listed).map(String::as_str).collect();
    let c_groups: Vec<_> = groups.iter().map(|group| given(group.as_bytes())).collect();
    let (account, key_name) = match from.form {
        TIDINGS_ACCOUNT_NAME => (AccountId::Name(name), key_name),
        TIDINGS_ACCOUNT_UID => (AccountId::Uid(key_uid as u32), key_name),
        _ => (AccountId::Hashed(Bytes(hash)), key_hash),
    };
    let value = AccountValue {
        roles: Roles(roles as u32),
        flags: AccountFlags(flags as u32),
        credential: Credential(credential as u8),
        uid: uid as u32,
        groups: List::new(&groups),
        more_groups: more as u16,
        shell,
        name: label,
    };
    let c = tidings_account_t {
        key_form: from.form,
        credential: credential as u8,
        more_groups: more as u16,
        key_uid: key_uid as u32,
        key_name,
        key_realm,
        roles: roles as u32,
        flags: flags as u32,
        uid: uid as u32,
        groups: c_groups.as_ptr(),
        group_count: groups.len(),
        shell: c_shell,
        name: c_label,
    };
    let key = AccountKey { account, realm };
    same(&Account { key, value }, &c, tidings_record_account, tidings_remove_account);
}

fn certificate(from: &Stuff) {
    let [slot, not_after, not_before, usage, small, bits] = from.numbers;
    let ((name, c_name), (hash, c_hash)) = (from.text(0), from.blob(0));
    let ((fingerprint, c_fingerprint), (serial, c_serial)) = (from.blob(1), from.blob(2));
    let ((subject, c_subject), (issuer, c_issuer), (label, c_label)) = (from.text(1), from.text(2), from.text(3));
    let (id, key_name) = match from.form {
        TIDINGS_CERTIFICATE_SLOT => (SlotId::Slot(slot as u16), c_name),
        TIDINGS_CERTIFICATE_NAME => (SlotId::Name(name), c_name),
        _ => (SlotId::Hashed(Bytes(hash)), c_hash),
    };
    let value = CertificateValue {
        certificate_type: CertificateType(small as u8),
        fingerprint: Bytes(fingerprint),
        not_after: not_after.cast_signed(),
        not_before: not_before.cast_signed(),
        subject,
        issuer,
        serial: Bytes(serial),
        usage: KeyUsage(usage as u32),
        key_kind: KeyKind((small >> 8) as u8),
        key_bits: bits as u16,
        role: CertificateRole((small >> 16) as u8),
        label,
    };
    let c = tidings_certificate_t {
        key_form: from.form,
        certificate_type: small as u8,
        key_slot: slot as u16,
        key_index: (bits >> 16) as u16,
        key_bits: bits as u16,
        key_name,
        fingerprint: c_fingerprint,
        not_after: not_after.cast_signed(),
        not_before: not_before.cast_signed(),
        subject: c_subject,
        issuer: c_issuer,
        serial: c_serial,
        usage: usage as u32,
        key_kind: (small >> 8) as u8,
        role: (small >> 16) as u8,
        label: c_label,
    };
    let key = CertificateKey { slot: id, index: (bits >> 16) as u16 };
    same(&Certificate { key, value }, &c, tidings_record_certificate, tidings_remove_certificate);
}

fn software(from: &Stuff) {
    let [slot, small, scheme, ..] = from.numbers;
    let ecosystem = Ecosystem((small >> 16 & 0x7F) as u8 | 1); // slots have one of their own
    let texts: [(&str, tidings_bytes_t); 7] = std::array::from_fn(|at| from.text(at));
    let blobs: [(&[u8], tidings_bytes_t); 4] = std::array::from_fn(|at| from.blob(at));
    let key = match from.form {
        TIDINGS_SOFTWARE_SLOT => SoftwareKey::Slot(slot as u16),
        TIDINGS_SOFTWARE_NAMED => SoftwareKey::Named { ecosystem, name: texts[0].0, architecture: texts[1].0 },
        _ => SoftwareKey::Hashed { ecosystem, hash: Bytes(blobs[0].0) },
    };
    let value = SoftwareValue {
        version: texts[2].0,
        state: SoftwareState(small as u8),
        class: SoftwareClass((small >> 8) as u8),
        scheme: scheme as u16,
        digest: Bytes(blobs[1].0),
        build_id: Bytes(blobs[2].0),
        source: texts[3].0,
        source_version: texts[4].0,
        sbom: Bytes(blobs[3].0),
        name: texts[5].0,
        architecture: texts[6].0,
    };
    let c = tidings_software_t {
        key_form: from.form,
        key_ecosystem: ecosystem.0,
        key_slot: slot as u16,
        key_name: texts[0].1,
        key_architecture: texts[1].1,
        key_hash: blobs[0].1,
        version: texts[2].1,
        state: small as u8,
        software_class: (small >> 8) as u8,
        scheme: scheme as u16,
        digest: blobs[1].1,
        build_id: blobs[2].1,
        source: texts[3].1,
        source_version: texts[4].1,
        sbom: blobs[3].1,
        name: texts[5].1,
        architecture: texts[6].1,
    };
    same(&Software { key, value }, &c, tidings_record_software, tidings_remove_software);
}

fn interface(from: &Stuff, addresses: &[Address<'_>], listed: &[tidings_bytes_t]) {
    let [flags, more, small, ..] = from.numbers;
    let ((name, c_name), (network, c_network), (cell, c_cell)) = (from.text(0), from.text(1), from.text(2));
    let (link, c_link) = from.blob(1);
    let value = InterfaceValue {
        interface_type: InterfaceType(small as u8),
        link: LinkAddress(link),
        flags: InterfaceFlags(flags as u32),
        addresses: List::new(addresses),
        more_addresses: more as u16,
        network,
        cell,
        radio: Radio((small >> 8) as u8),
    };
    let c = tidings_interface_t {
        interface_type: small as u8,
        radio: (small >> 8) as u8,
        more_addresses: more as u16,
        flags: flags as u32,
        name: c_name,
        link: c_link,
        addresses: listed.as_ptr(),
        address_count: listed.len(),
        network: c_network,
        cell: c_cell,
    };
    same(&Interface { key: InterfaceKey { name }, value }, &c, tidings_record_interface, tidings_remove_interface);
}

fn neighbour(from: &Stuff, addresses: &[Address<'_>], listed: &[tidings_bytes_t]) {
    let [first_seen, more, small, ..] = from.numbers;
    let ((iface, c_iface), (name, c_name), (address, c_address)) = (from.text(0), from.text(1), from.blob(0));
    let key = NeighbourKey { link: LinkKind((small >> 16) as u8), address: LinkAddress(address), interface: iface };
    let value = NeighbourValue {
        addresses: List::new(addresses),
        more_addresses: more as u16,
        name,
        state: NeighbourState(small as u8),
        security: LinkSecurity((small >> 8) as u8),
        first_seen,
    };
    let c = tidings_neighbour_t {
        link: (small >> 16) as u8,
        state: small as u8,
        security: (small >> 8) as u8,
        more_addresses: more as u16,
        address: c_address,
        iface: c_iface,
        addresses: listed.as_ptr(),
        address_count: listed.len(),
        name: c_name,
        first_seen,
    };
    same(&Neighbour { key, value }, &c, tidings_record_neighbour, tidings_remove_neighbour);
}

fn listener(from: &Stuff) {
    let [port, flags, protocol, ..] = from.numbers;
    let ((iface, c_iface), (owner, c_owner), (account, c_account)) = (from.text(0), from.text(1), from.text(2));
    let (address, c_address) = from.blob(0);
    let (protocol, port, flags) = (protocol as u8, port as u16, flags as u32);
    let key = ListenerKey { protocol: Protocol(protocol), port, address: Address(address), interface: iface };
    let value = ListenerValue { owner, flags: ListenerFlags(flags), account };
    let (iface, owner, account) = (c_iface, c_owner, c_account);
    let c = tidings_listener_t { protocol, port, flags, address: c_address, iface, owner, account };
    same(&Listener { key, value }, &c, tidings_record_listener, tidings_remove_listener);
}

fn health(from: &Stuff) {
    let [metric, value, small, ..] = from.numbers;
    let ((name, c_name), (instance, c_instance)) = (from.text(0), from.text(1));
    let (metric, value) = (metric as u16, value.cast_signed());
    let (exponent, unit, state) = (small as i8, (small >> 8) as u8, (small >> 16) as u8);
    let rust = Health {
        key: HealthKey { metric: Metric(metric), name, instance },
        value: HealthValue { value, exponent, unit: Unit(unit), state: Threshold(state) },
    };
    let c = tidings_health_t { metric, exponent, unit, state, name: c_name, instance: c_instance, value };
    same(&rust, &c, tidings_record_health, tidings_remove_health);
}

fn scalars(from: &Stuff) {
    let [id, ..] = from.numbers;
    let (id, (value, c_value), (name, c_name)) = (id as u16, from.scalar(), from.text(0));
    let c = tidings_identity_t { claim: id, value: c_value };
    same(&Identity::claim(Claim(id), value), &c, tidings_record_identity, tidings_remove_identity);
    let c = tidings_setting_t { id, name: c_name, value: c_value };
    let rust = Setting { key: SettingKey { id: SettingId(id), name }, value };
    same(&rust, &c, tidings_record_setting, tidings_remove_setting);
}

fn update(from: &Stuff) {
    let [slot, error, small, ..] = from.numbers;
    let ((name, c_name), (target, c_target)) = (from.text(0), from.text(1));
    let (slot, error, state, percent) = (slot as u16, error as i32, small as u8, (small >> 8) as u8);
    let value = UpdateValue { state: UpdateState(state), target, percent, error };
    let c = tidings_update_t { slot, state, percent, error, name: c_name, target: c_target };
    same(&Update { key: UpdateKey { slot, name }, value }, &c, tidings_record_update, tidings_remove_update);
}

fn opaque(from: &Stuff) {
    let [vendor_kind, kind, value, item, ..] = from.numbers;
    let (kind, vendor_kind, item, arg) = ((kind % 15) as u8, vendor_kind as u16, item as u8, (item >> 8) as u8);
    let rust = AgentFact { key: AgentKey { item: AgentItem(item), arg }, value };
    let c = tidings_agent_item_t { item, arg, value };
    same(&rust, &c, tidings_record_agent_item, tidings_remove_agent_item);
    let ((key, c_key), (value, c_value)) = (from.blob(0), from.blob(1));
    if !key.is_empty() {
        let c = tidings_raw_t { kind, key: c_key, value: c_value };
        same(&RawFact { kind: Kind(kind), key, value }, &c, tidings_record_raw, tidings_remove_raw);
    }
    let c = tidings_vendor_t { vendor_kind, key: c_key, value: c_value };
    same(&VendorFact { vendor_kind, key, value }, &c, tidings_record_vendor, tidings_remove_vendor);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn bytes_are_those_of_the_fact(from in stuff()) {
        let addresses: Vec<_> = from.bytes.iter().take(from.listed).map(|bytes| Address(bytes)).collect();
        let listed: Vec<_> = addresses.iter().map(|address| given(address.0)).collect();
        account(&from);
        certificate(&from);
        software(&from);
        interface(&from, &addresses, &listed);
        neighbour(&from, &addresses, &listed);
        for each in [listener, health, scalars, update, opaque] {
            each(&from);
        }
    }
}
