//! One fact of each kind, so that every codec is linked.
//!
//! What the facts say does not matter: they pass through [`unknown`], and the engine sees any fact at all.

use crate::{keep, unknown};
use tidings::facts::{
    Account, Certificate, CertificateKey, Claim, Identity, Interface, Listener, Neighbour, Protocol, Scalar, Setting,
    SettingId, SlotId, Software, Update, VendorFact,
};
use tidings::{Agent, Fact};

/// Records software alone: what a device pays that reports its version and nothing else.
pub fn record_software(agent: &mut Agent<'_>) {
    record(agent, &Software::slot(0));
}

/// Records a fact of every kind but health, which is sampled, and the agent's own.
pub fn record_all(agent: &mut Agent<'_>) {
    record_software(agent);
    record(agent, &Identity::claim(Claim::UEID, Scalar::Unknown));
    record(agent, &Account::named(""));
    record(agent, &Listener::port(Protocol::TCP, 0));
    record(agent, &Neighbour::mac(&[0; 6]));
    record(agent, &Certificate::of(CertificateKey { slot: SlotId::Slot(0), index: 0 }));
    record(agent, &Setting::id(SettingId::SSH, Scalar::Unknown));
    record(agent, &Update::slot(0));
    record(agent, &Interface::named(""));
    record(agent, &VendorFact { vendor_kind: 0, key: &[0], value: &[] });
}

#[inline(never)]
fn record(agent: &mut Agent<'_>, fact: &dyn Fact) {
    keep(agent.record(unknown(fact)));
}
