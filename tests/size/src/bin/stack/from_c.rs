//! The calls of the border to C, as C makes them: the functions of the crate `tidings-c`, in conversations that go the longest way.
//!
//! Not here: what a callback of the firmware takes.

use crate::paint::report;
use core::ffi::c_void;
use core::mem::{MaybeUninit, zeroed};
use size::answer::{Host, Mood};
use size::device::{EVENTS, PACKET};
use size::keep;
use tidings::suites::KeySet;
use tidings::wire::packet::Suite;
use tidings::{Agent, Kind};
use tidings_c::agent::*;
use tidings_c::borrowed::tidings_bytes_t;
use tidings_c::config::tidings_config_t;
use tidings_c::coverage::*;
use tidings_c::epoch::*;
use tidings_c::event::{tidings_event, tidings_event_t};
use tidings_c::facts::account::{tidings_account_t, tidings_record_account};
use tidings_c::facts::certificate::{tidings_certificate_t, tidings_record_certificate};
use tidings_c::facts::health::{tidings_health_t, tidings_limits_t, tidings_post_health, tidings_sample_health};
use tidings_c::facts::interface::{tidings_interface_t, tidings_record_interface};
use tidings_c::facts::setting::{tidings_record_setting, tidings_setting_t};
use tidings_c::facts::software::{tidings_record_software, tidings_software_t};
use tidings_c::facts::vendor::{tidings_record_vendor, tidings_remove_vendor, tidings_vendor_t};
use tidings_c::keys::{tidings_key_bytes_t, tidings_keys_chacha20poly1305, tidings_keys_t};
use tidings_c::link::*;
use tidings_c::mailbox::*;
use tidings_c::scan::*;
use tidings_c::version::TIDINGS_ABI;

/// Room for most of the facts, so that the table fills up.
const TABLE: usize = Agent::ROOMS + 1024;
/// Enough for every kind of packet that the device has to send.
const EXCHANGES: usize = 24;
const MESSAGES: usize = 4;

/// All memory of one device, all zero at first.
pub struct Device {
    agent: MaybeUninit<tidings_agent_t>,
    keys: MaybeUninit<tidings_keys_t>,
    mailbox: MaybeUninit<tidings_mailbox_t>,
    messages: [MaybeUninit<tidings_message_t>; MESSAGES],
    epoch: MaybeUninit<tidings_retained_t>,
    table: [u8; TABLE],
    events: [u8; EVENTS],
    out: [u8; PACKET],
    back: [u8; PACKET],
}

impl Device {
    pub const fn new() -> Self {
        Self {
            agent: MaybeUninit::zeroed(),
            keys: MaybeUninit::zeroed(),
            mailbox: MaybeUninit::zeroed(),
            messages: [const { MaybeUninit::zeroed() }; MESSAGES],
            epoch: MaybeUninit::zeroed(),
            table: [0; TABLE],
            events: [0; EVENTS],
            out: [0; PACKET],
            back: [0; PACKET],
        }
    }
}

/// Zero is the default of every struct of the border.
fn zero<T>() -> T {
    // SAFETY: structs of numbers, and of pointers that may be NULL.
    unsafe { zeroed() }
}

fn text(text: &str) -> tidings_bytes_t {
    tidings_bytes_t { ptr: text.as_ptr().cast(), len: text.len() }
}

pub fn exercise(suite: &str, keys: Option<&[u8; KeySet::BYTES]>, host: &dyn Suite, device: &mut Device) {
    let mut host = Host::new(host);
    begin(suite, keys, device);
    record_each_kind(suite, device);
    converse(suite, device, &mut host);
    tell(suite, device);
    converse(suite, device, &mut host);
    fill(suite, device);
    converse(suite, device, &mut host);
}

fn store_of(device: &mut Device) -> tidings_epoch_store_t {
    let ctx = device.epoch.as_mut_ptr().cast::<c_void>();
    tidings_epoch_store_t { ctx, load: Some(tidings_retained_load), append: Some(tidings_retained_append) }
}

// SAFETY of all calls below: live memory of the right types, which nobody else uses.
fn begin(suite: &str, keys: Option<&[u8; KeySet::BYTES]>, device: &mut Device) {
    let store = store_of(device);
    let mut config: tidings_config_t = zero();
    (config.struct_size, config.abi, config.id) = (size_of::<tidings_config_t>() as u32, TIDINGS_ABI, text("device"));
    (config.table, config.table_len) = (device.table.as_mut_ptr().cast(), TABLE);
    (config.events, config.events_len) = (device.events.as_mut_ptr().cast(), EVENTS);
    let (agent, mailbox) = (device.agent.as_mut_ptr(), device.mailbox.as_mut_ptr());
    unsafe {
        if let Some(bytes) = keys {
            let (handle, bytes) = (device.keys.as_mut_ptr(), bytes.as_ptr().cast::<tidings_key_bytes_t>());
            report(suite, "keys", || keep(tidings_keys_chacha20poly1305(handle, bytes) == 0));
            config.keys = handle;
            report(suite, "provision", || keep(tidings_provision(3, &store) == 0));
        }
        let messages = device.messages.as_mut_ptr().cast();
        report(suite, "mailbox_init", || keep(tidings_mailbox_init(mailbox, messages, MESSAGES) == 0));
        report(suite, "init", || keep(tidings_init(agent, &config) == 0));
        report(suite, "start", || keep(tidings_start(agent, 0, &store) == 0));
        report(suite, "maintain", || keep(tidings_maintain(agent, 0, &store) == 0));
    }
}

fn record_each_kind(suite: &str, device: &mut Device) {
    let agent = device.agent.as_mut_ptr();
    let lists = [text("wheel"), text("audio")];
    let addresses = [text("1234"), text("1234567890123456")];
    let mut software: tidings_software_t = zero();
    (software.version, software.source, software.name) = (text("1.4.2"), text("src"), text("slot"));
    let mut account: tidings_account_t = zero();
    (account.key_name, account.groups, account.group_count) = (text("admin"), lists.as_ptr(), lists.len());
    let mut certificate: tidings_certificate_t = zero();
    (certificate.subject, certificate.issuer) = (text("CN=tls"), text("CN=root"));
    let mut interface: tidings_interface_t = zero();
    (interface.name, interface.addresses, interface.address_count) = (text("eth0"), addresses.as_ptr(), 2);
    let mut setting: tidings_setting_t = zero();
    setting.id = 1;
    unsafe {
        report(suite, "record", || keep(tidings_record_software(agent, &software) == 0));
        report(suite, "record", || keep(tidings_record_account(agent, &account) == 0));
        report(suite, "record", || keep(tidings_record_certificate(agent, &certificate) == 0));
        report(suite, "record", || keep(tidings_record_interface(agent, &interface) == 0));
        report(suite, "record", || keep(tidings_record_setting(agent, &setting) == 0));
    }
}

/// What an application tells besides plain records, and what interrupts post.
fn tell(suite: &str, device: &mut Device) {
    let (agent, mailbox) = (device.agent.as_mut_ptr(), device.mailbox.as_mut_ptr());
    let software = Kind::SOFTWARE.0;
    let mut health: tidings_health_t = zero();
    (health.metric, health.value) = (3, 95);
    let limits = tidings_limits_t { warning: 70, critical: 90, hysteresis: 5, dead_band: 2 };
    let mut event: tidings_event_t = zero();
    (event.actor, event.data) = (text("who"), text("twenty bytes of data"));
    unsafe {
        report(suite, "scan", || keep(tidings_scan_begin(agent, software) == 0));
        report(suite, "scan", || keep(tidings_scan_finish(agent, software) == 0));
        report(suite, "sample", || keep(tidings_sample_health(agent, &health, &limits) == 0));
        for severity in 0..12 {
            event.severity = severity % 4;
            report(suite, "event", || keep(tidings_event(agent, &event) == 0));
        }
        report(suite, "post", || keep(tidings_post_health(mailbox, &health) == 0));
        report(suite, "drain", || keep(tidings_drain(agent, 0, mailbox) == 0));
        report(suite, "complete", || keep(tidings_complete(agent, software) == 0));
        report(suite, "fail", || keep(tidings_fail(agent, software) == 0));
        report(suite, "switch_off", || keep(tidings_switch_off(agent, software) == 0));
        report(suite, "switch_on", || keep(tidings_switch_on(agent, software) == 0));
        report(suite, "link_down", || keep(tidings_link_down(agent) == 0));
        report(suite, "link_up", || keep(tidings_link_up(agent, 0) == 0));
    }
}

/// Facts until the table is full, removals that leave tombstones, and facts that push those out.
fn fill(suite: &str, device: &mut Device) {
    let agent = device.agent.as_mut_ptr();
    let values = [text("a value of more than thirty bytes"), text("and another one")];
    for round in 0..4 {
        for vendor_kind in 256..288 {
            let value = values[round % 2];
            let fact = tidings_vendor_t { vendor_kind, key: text("key"), value };
            unsafe {
                report(suite, "record", || keep(tidings_record_vendor(agent, &fact) == 0));
                if round == 2 {
                    report(suite, "remove", || keep(tidings_remove_vendor(agent, &fact) == 0));
                }
            }
        }
    }
}

/// Packets out and answers in, until the device has nothing more to say for a while.
fn converse(suite: &str, device: &mut Device, host: &mut Host<'_>) {
    let agent = device.agent.as_mut_ptr();
    host.mood = Mood::Lost;
    for turn in 0..EXCHANGES {
        let (mut now_ms, mut len) = (0, 0);
        let (out, back) = (&mut device.out, &mut device.back);
        unsafe {
            report(suite, "next_deadline", || keep(tidings_next_deadline(agent, &mut now_ms) == 0));
            let room = out.as_mut_ptr().cast();
            report(suite, "transmit", || keep(tidings_transmit(agent, now_ms, room, PACKET, &mut len) == 0));
            let answer = host.answer(out.get(..len).unwrap_or(&[]), back).unwrap_or(0);
            let packet = back.as_mut_ptr().cast();
            report(suite, "receive", || keep(tidings_receive(agent, now_ms, packet, answer) == 0));
        }
        if turn > 2 {
            host.mood = Mood::Synced;
        }
    }
}
