//! A fact of each kind, given from somewhere, so that every codec is linked and no application is.

use crate::{given, keep};
use tidings::facts::{
    Account, Certificate, Identity, Interface, Listener, Neighbour, Setting, Software, Update, VendorFact,
};
use tidings::{Agent, Fact};

/// Records software alone: what a device pays that reports its version and nothing else.
pub fn record_software(agent: &mut Agent<'_>) {
    record::<Software<'_>>(agent);
}

/// Records a fact of every kind but health, which is sampled, and the agent's own.
pub fn record_all(agent: &mut Agent<'_>) {
    record_software(agent);
    record::<Identity<'_>>(agent);
    record::<Account<'_>>(agent);
    record::<Listener<'_>>(agent);
    record::<Neighbour<'_>>(agent);
    record::<Certificate<'_>>(agent);
    record::<Setting<'_>>(agent);
    record::<Update<'_>>(agent);
    record::<Interface<'_>>(agent);
    record::<VendorFact<'_>>(agent);
}

#[inline(always)]
fn record<F: Fact + 'static>(agent: &mut Agent<'_>) {
    if let Some(fact) = given::<F>() {
        keep(agent.record(fact).is_ok());
    }
}
