//! The sources of this machine, as the command line chooses them, and everything that they see at once.
//!
//! Promise: at most one source a kind. Not here: watching them (`observe.rs`) and telling a collector (`gateway.rs`).

use std::path::PathBuf;

use crate::encode::{Encoded, encode, wire_kind};
use crate::fact::Kind;
use crate::observe::Observation;
use crate::source::accounts::AccountSource;
use crate::source::certificates::CertificateSource;
use crate::source::health::HealthSource;
use crate::source::identity::IdentitySource;
use crate::source::interfaces::InterfaceSource;
use crate::source::listeners::ListenerSource;
use crate::source::neighbours::NeighbourSource;
use crate::source::software::SoftwareSource;
use crate::source::sysctl::{self, SysctlSource};
use crate::source::{Root, Source};

/// What to look at, and where.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Directory under which files are looked up; sockets, links, settings and health are always those of the running kernel.
    pub root: PathBuf,
    /// Folders of certificates, absolute; none means that certificates are not reported.
    pub certs: Vec<String>,
    /// Kernel settings; none means [`sysctl::DEFAULTS`].
    pub sysctl: Vec<String>,
    /// Kinds that the user does not want to be reported.
    pub off: Vec<Kind>,
}

impl Choice {
    /// The sources of this choice.
    #[must_use]
    pub fn sources(&self) -> Vec<Box<dyn Source>> {
        let root = || Root(self.root.clone());
        let mut sources: Vec<Box<dyn Source>> = vec![
            Box::new(IdentitySource { root: root() }),
            Box::new(SoftwareSource::new(root())),
            Box::new(AccountSource { root: root() }),
            Box::new(ListenerSource::new()),
            Box::new(NeighbourSource),
            Box::new(SysctlSource { base: "/proc/sys".into(), names: self.settings() }),
            Box::new(HealthSource::default()),
            Box::new(InterfaceSource),
        ];
        if !self.certs.is_empty() {
            sources.push(Box::new(CertificateSource { root: root(), folders: self.certs.clone() }));
        }
        sources.retain(|source| !self.off.contains(&source.kind()));
        sources
    }

    fn settings(&self) -> Vec<String> {
        match self.sysctl.as_slice() {
            [] => sysctl::DEFAULTS.map(String::from).to_vec(),
            chosen => chosen.to_vec(),
        }
    }
}

/// Facts as they travel, and what could not be read or encoded, in sentences.
#[derive(Debug, Default)]
pub struct State {
    /// In order of kind and key, as the collector lists them.
    pub facts: Vec<Encoded>,
    /// One sentence a kind that is not complete.
    pub warnings: Vec<String>,
}

/// Reads every source once.
#[must_use]
pub fn state(choice: &Choice) -> State {
    let mut state = State::default();
    for mut source in choice.sources() {
        let told = Told::of(Observation { kind: source.kind(), outcome: source.read() });
        state.facts.extend(told.facts);
        state.warnings.extend(told.warning);
    }
    state.facts.sort_unstable();
    state
}

/// An observation as it travels.
#[derive(Debug)]
pub struct Told {
    /// The kind.
    pub kind: tidings::wire::Kind,
    /// How much of it the facts are.
    pub coverage: Coverage,
    /// Sorted by key, one a key.
    pub facts: Vec<Encoded>,
    /// Why the coverage is not complete.
    pub warning: Option<String>,
}

/// How much of a kind an observation covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Complete,
    /// Some entries could not be understood.
    Partial,
    /// Nothing can be said.
    Failed,
}

impl Told {
    /// Encodes what was seen; what does not fit is counted with what was skipped.
    #[must_use]
    pub fn of(observation: Observation) -> Told {
        let kind = wire_kind(observation.kind);
        let mut reading = match observation.outcome {
            Ok(reading) => reading,
            Err(why) => {
                let warning = Some(format!("{kind}: {why}"));
                return Told { kind, coverage: Coverage::Failed, facts: Vec::new(), warning };
            }
        };
        let mut facts = Vec::new();
        for fact in std::mem::take(&mut reading.facts) {
            match encode(&fact) {
                Ok(encoded) => facts.push(encoded),
                Err(too_long) => reading.skip(format_args!("{too_long}: {fact:?}")),
            }
        }
        facts.sort_unstable();
        facts.dedup_by(|later, earlier| later.key == earlier.key);
        let first = reading.first_skipped.unwrap_or_default();
        let warning = (reading.skipped > 0).then(|| format!("{kind}: {} skipped: {first}", reading.skipped));
        let coverage = if warning.is_some() { Coverage::Partial } else { Coverage::Complete };
        Told { kind, coverage, facts, warning }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Claim, Fact, Identity};
    use crate::source::{Failure, Reading};

    fn identity(claim: Claim, text: String) -> Fact {
        Fact::Identity(Identity { claim, text })
    }

    #[test]
    fn what_does_not_fit_makes_the_kind_partial() {
        let facts = vec![identity(Claim::Model, "m".repeat(600)), identity(Claim::Host, "gw".into())];
        let told = Told::of(Observation { kind: Kind::Identity, outcome: Ok(Reading { facts, ..Reading::default() }) });
        assert_eq!((told.coverage, told.facts.len()), (Coverage::Partial, 1));
        assert!(told.warning.unwrap().starts_with("identity: 1 skipped: "));
    }

    #[test]
    fn a_failure_is_not_an_empty_kind() {
        let told = Told::of(Observation { kind: Kind::Account, outcome: Err(Failure("no".into())) });
        assert_eq!((told.coverage, told.warning.as_deref()), (Coverage::Failed, Some("account: no")));
    }

    #[test]
    fn a_kind_that_is_off_has_no_source() {
        let choice =
            Choice { root: "/".into(), certs: vec![], sysctl: vec![], off: vec![Kind::Neighbour, Kind::Health] };
        let kinds: Vec<Kind> = choice.sources().iter().map(|source| source.kind()).collect();
        let expected = [Kind::Identity, Kind::Software, Kind::Account, Kind::Listener, Kind::Setting, Kind::Interface];
        assert_eq!(kinds, expected);
    }
}
