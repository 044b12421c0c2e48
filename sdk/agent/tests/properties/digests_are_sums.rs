//! Whatever the order of changes, a digest is the sum over what is held: that of Hello before anything was sent, that of a Beat later.

use super::host;
use super::script::{self, Act, Model};
use proptest::prelude::*;
use tidings::epoch::RamEpoch;
use tidings::wire::message::Message;
use tidings::wire::{Digest, DigestKey, digest};
use tidings::{Agent, Config, DeviceId, Keys, Kind, Memory, config};

const CONFIG: Config = Config::new().profile(config::SERIAL);

/// The sum over the facts of these kinds.
fn sum(agent: &Agent<'_>, is_compared: impl Fn(Kind) -> bool) -> Digest {
    let mut sum = Digest::EMPTY;
    for (kind, key, value) in agent.facts().filter(|(kind, ..)| is_compared(*kind)) {
        sum.add(digest::hash(&DigestKey([0; 16]), kind, key, value));
    }
    sum
}

proptest! {
    #[test]
    fn at_boot(acts in prop::collection::vec(script::act(), 0..60), full in any::<bool>()) {
        let (mut large, mut small) = (Memory::<16_384, 64>::new(), Memory::<300, 64>::new());
        let id = DeviceId::new(b"d").expect("one byte");
        let mut agent = if full {
            Agent::new(CONFIG, id, Keys::PLAIN, &mut small)
        } else {
            Agent::new(CONFIG, id, Keys::PLAIN, &mut large)
        };
        agent.start(0, &mut RamEpoch::new()).expect("an epoch");
        let mut model = Model::default();
        acts.iter().filter(|act| !matches!(act, Act::Report)).for_each(|act| model.follow(&mut agent, act));
        let (packet, _) = host::sent(&mut agent);
        let Some((total, compared)) = packet.read(|uplink| match uplink.message {
            Message::Hello(hello) => Some((hello.standing.total, hello.standing.compared)),
            _ => None,
        }) else { panic!("the first packet is no Hello") };
        for kind in script::compared(&agent) {
            prop_assert!(compared.has(Kind(kind)));
        }
        prop_assert_eq!(total, sum(&agent, |kind| compared.has(kind) && !kind.is_volatile()).0);
    }

    #[test]
    fn at_rest(acts in prop::collection::vec(script::act(), 0..60)) {
        let mut memory = Memory::<16_384, 64>::new();
        let id = DeviceId::new(b"d").expect("one byte");
        let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, &mut memory);
        agent.start(0, &mut RamEpoch::new()).expect("an epoch");
        let mut model = Model::default();
        acts.iter().for_each(|act| model.follow(&mut agent, act));
        let told = host::until_idle(&mut agent);
        let compared = script::compared(&agent);
        prop_assert_eq!(told, sum(&agent, |kind| kind.is_volatile() || compared.contains(&kind.0)).short());
    }
}
