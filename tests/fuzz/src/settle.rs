//! What must come after any trouble: an honest device and an honest host on a good line agree again.
//!
//! Promise: both are the real ones, and what they say to each other is sealed and opened as ever. Not here: how they got into trouble.

use crate::link;
use tidings::{Agent, EpochStore, Kind, KindMask};
use tidings_collector::effects::Effects;
use tidings_collector::replica::{Opened, Replica};
use tidings_wire::MAX_PACKET;
use tidings_wire::packet::{Direction, Plain, Unique, open};

/// Packets after which both must agree: what a history of the simulation never needed.
const PACKETS: usize = 120;

/// Lets both talk until they agree about the compared kinds; panics if they never do. False if the device can have no epoch any more.
pub fn settle<S: EpochStore>(agent: &mut Agent<'_>, replica: &mut Replica, store: &mut S, mut now_ms: u64) -> bool {
    agent.link_up(now_ms);
    let mut said = Vec::new();
    for _ in 0..PACKETS {
        if agree(agent, replica) {
            return true;
        }
        now_ms = now_ms.max(agent.next_deadline());
        if agent.maintain(now_ms, store).is_err() {
            return false;
        }
        let mut buffer = vec![0; MAX_PACKET];
        let Some(len) = agent.poll_transmit(now_ms, &mut buffer) else { continue };
        let (envelope, body) = open(&Plain, Direction::Up, &mut buffer[..len]).expect("it opens");
        let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
        said.push(body[0]);
        let opened = Opened { epoch: envelope.epoch, ctr, body };
        let reply = replica.receive(opened, now_ms, &mut Effects::new()).expect("it is well formed");
        now_ms += 10;
        if let Some(reply) = reply {
            let mut answer = link::packet(reply.epoch, |out| reply.body.write(out));
            agent.handle_input(now_ms, &mut answer).expect("an answer to what was asked");
        }
    }
    panic!("after {PACKETS} packets {said:02x?} the host holds {:?}, and the device {:?}", held(replica), kept(agent));
}

/// Nothing is open, and the host holds what the device has.
fn agree(agent: &Agent<'_>, replica: &Replica) -> bool {
    let state = replica.state();
    let compared = KindMask(state.compared);
    let of_compared =
        |facts: Vec<Told>| -> Vec<_> { facts.into_iter().filter(|(kind, ..)| compared.has(Kind(*kind))).collect() };
    let known = state.epoch == agent.epoch() && state.pending == 0 && !state.ask;
    known && agent.is_synced() && of_compared(held(replica)) == of_compared(kept(agent))
}

type Told = (u8, Vec<u8>, Vec<u8>);

/// What the host holds: kind, key, value.
pub fn held(replica: &Replica) -> Vec<Told> {
    replica.facts().map(|(kind, key, fact)| (kind, key.to_vec(), fact.value.clone())).collect()
}

fn kept(agent: &Agent<'_>) -> Vec<Told> {
    agent.facts().map(|(kind, key, value)| (kind.0, key.to_vec(), value.to_vec())).collect()
}
