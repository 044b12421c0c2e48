//! A fact of each kind, given from somewhere, so that every codec is linked and no application is.

use crate::sdk::Sdk;
use crate::{given, keep};
use tidings::Fact;
use tidings::facts::{
    Account, Certificate, Health, Identity, Interface, Listener, Neighbour, Setting, Software, Update, VendorFact,
};

/// Records software alone: what a device pays that reports its version and nothing else.
pub fn record_software(agent: &mut impl Sdk) {
    record::<Software<'_>, _>(agent);
}

/// Records a fact of every kind but the agent's own.
pub fn record_all(agent: &mut impl Sdk) {
    record_software(agent);
    record::<Identity<'_>, _>(agent);
    record::<Account<'_>, _>(agent);
    record::<Listener<'_>, _>(agent);
    record::<Neighbour<'_>, _>(agent);
    record::<Certificate<'_>, _>(agent);
    record::<Setting<'_>, _>(agent);
    record::<Health<'_>, _>(agent);
    record::<Update<'_>, _>(agent);
    record::<Interface<'_>, _>(agent);
    record::<VendorFact<'_>, _>(agent);
}

#[inline(always)]
fn record<F: Fact + 'static, A: Sdk>(agent: &mut A) {
    if let Some(fact) = given::<F>() {
        keep(agent.record(fact));
    }
}
