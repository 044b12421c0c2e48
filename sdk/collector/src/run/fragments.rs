//! Listens on UDP for fragments (SPEC §9): puts packets together, and cuts answers up.
//!
//! Memory is bounded by [`PEERS`] peers of [`SETS`] sets each, whoever sends: when a place is needed, a peer that never sent a packet that was accepted
//! gives up its own first, the longest silent of those. A set that stays incomplete is no fault, it gives way to a newer one. There is no clock here.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tidings_wire::fragment::{Cutter, Slot};
use tidings_wire::{MAX_PACKET, Malformed};

use super::inbox::{Packets, Parcel, Replies, ReplyTo, Source};
use super::say::say;

/// Peers whose fragments are kept at once.
const PEERS: usize = 256;
/// Packets of one peer that may be on their way at once; SPEC asks for two at least.
const SETS: usize = 2;

/// Where fragments arrive, and how long they may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragments {
    /// The address to listen on.
    pub address: SocketAddr,
    /// Bytes of the longest datagram that the link carries, fragment header included.
    pub mtu: usize,
}

impl Fragments {
    /// A packet of any length fits 128 fragments from here on.
    pub const SMALLEST_MTU: usize = 20;
    /// Past this there is nothing to cut.
    pub const LARGEST_MTU: usize = MAX_PACKET + 2;
}

/// A socket that carries fragments, and what it holds of packets that are not whole.
#[derive(Debug)]
pub struct Link {
    socket: UdpSocket,
    mtu: usize,
    peers: Mutex<Peers>,
}

/// Binds and listens from now on, in a thread of its own.
///
/// # Errors
/// What the operating system reports if the address cannot be bound.
pub fn listen(at: Fragments, inbox: SyncSender<Parcel>) -> io::Result<()> {
    let socket = UdpSocket::bind(at.address)?;
    say(format_args!("listening on fragmented udp {}", socket.local_addr()?));
    let link = Arc::new(Link { socket, mtu: at.mtu, peers: Mutex::default() });
    thread::Builder::new().name("fragments".into()).spawn(move || receive_all(&link, &inbox))?;
    Ok(())
}

fn receive_all(link: &Arc<Link>, inbox: &SyncSender<Parcel>) {
    // One byte more than a fragment may have tells a longer one.
    let mut bytes = [0; Fragments::LARGEST_MTU + 1];
    loop {
        let Ok((len, peer)) = link.socket.recv_from(&mut bytes) else {
            // Of an earlier answer that could not be delivered: nothing to do. The pause is for an error that stays.
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        let (mut packets, mut spoiled) = (Packets::default(), 0);
        match link.peers().push(peer, &bytes[..len]) {
            Ok(Some(packet)) => packets.push(packet),
            Ok(None) => continue,
            Err(Malformed) => spoiled = 1,
        }
        let from = Source { name: format!("udp {peer}").into(), device: None };
        let reply_to = ReplyTo::Fragments(Arc::clone(link), peer);
        if inbox.send(Parcel { from, packets, spoiled, reply_to }).is_err() {
            return;
        }
    }
}

impl Link {
    /// Sends answers in fragments; a peer whose packet was accepted keeps its place before others.
    pub fn answer(&self, peer: SocketAddr, replies: &Replies) {
        let mut fragment = vec![0; self.mtu];
        for packet in replies.packets.iter() {
            let id = self.peers().next_id(peer);
            // Answers are short enough for any MTU that is allowed.
            let Ok(mut cutter) = Cutter::new(packet, id, self.mtu) else { continue };
            while let Some(len) = cutter.next(&mut fragment) {
                let _ = self.socket.send_to(&fragment[..len], peer);
            }
        }
        if replies.accepted > 0 {
            self.peers().trust(peer);
        }
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is held of each peer's packets.
#[derive(Debug, Default)]
struct Peers {
    held: HashMap<SocketAddr, Peer>,
    /// Grows with each fragment: tells who was silent longest.
    turn: u64,
}

#[derive(Debug, Default)]
struct Peer {
    trusted: bool,
    heard: u64,
    /// Of the next answer.
    id: u8,
    sets: [Set; SETS],
}

/// A packet under way; its room is taken with the first fragment.
#[derive(Debug, Default)]
struct Set {
    slot: Option<Box<Slot>>,
    heard: u64,
}

impl Peers {
    /// Takes a fragment in; gives the packet when it is whole.
    fn push(&mut self, peer: SocketAddr, fragment: &[u8]) -> Result<Option<&[u8]>, Malformed> {
        let id = *fragment.first().ok_or(Malformed)?;
        self.turn += 1;
        let turn = self.turn;
        self.make_place_for(peer);
        let held = self.held.entry(peer).or_default();
        held.heard = turn;
        let set = held.set_of(id);
        set.heard = turn;
        let whole = set.slot.get_or_insert_default().push(fragment)?;
        Ok(whole.map(|packet| &*packet))
    }

    fn make_place_for(&mut self, peer: SocketAddr) {
        if self.held.len() < PEERS || self.held.contains_key(&peer) {
            return;
        }
        let least = self.held.iter().min_by_key(|(_, held)| (held.trusted, held.heard)).map(|(peer, _)| *peer);
        if let Some(least) = least {
            self.held.remove(&least);
        }
    }

    fn next_id(&mut self, peer: SocketAddr) -> u8 {
        self.held.get_mut(&peer).map_or(0, |held| {
            held.id = held.id.wrapping_add(1);
            held.id
        })
    }

    fn trust(&mut self, peer: SocketAddr) {
        if let Some(held) = self.held.get_mut(&peer) {
            held.trusted = true;
        }
    }
}

impl Peer {
    /// The set with this id; else one that holds nothing, or the one that was left alone longest.
    fn set_of(&mut self, id: u8) -> &mut Set {
        let rank = |set: &Set| {
            let holds = set.slot.as_ref().and_then(|slot| slot.id());
            (holds != Some(id), holds.is_some(), set.heard)
        };
        let [first, second] = &mut self.sets;
        if rank(second) < rank(first) { second } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(packet: &[u8], id: u8) -> Vec<Vec<u8>> {
        let (mut cutter, mut out) = (Cutter::new(packet, id, 20).expect("it fits"), [0; 20]);
        std::iter::from_fn(|| cutter.next(&mut out).map(|len| out[..len].to_vec())).collect()
    }

    fn peer(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    #[test]
    fn packets_of_two_sets_and_of_two_peers_do_not_mix() {
        let (mut peers, packets) = (Peers::default(), [[1; 50], [2; 50]]);
        let parts: Vec<_> = (0..).zip(&packets).map(|(id, packet)| cut(packet, id)).collect();
        for at in 0..parts[0].len() {
            for from in [peer(1), peer(2)] {
                for (packet, parts) in packets.iter().zip(&parts) {
                    let whole = peers.push(from, &parts[at]).expect("sound");
                    assert_eq!(whole, (at == 2).then_some(&packet[..]));
                }
            }
        }
    }

    #[test]
    fn a_third_packet_takes_the_place_of_the_one_left_alone_longest() {
        let mut peers = Peers::default();
        let parts: Vec<_> = (0..3).map(|id| cut(&[id; 30], id)).collect();
        for id in [0, 1, 0, 2] {
            assert_eq!(peers.push(peer(1), &parts[id][0]), Ok(None));
        }
        assert_eq!(peers.push(peer(1), &parts[0][1]), Ok(Some(&[0; 30][..])));
        assert_eq!(peers.push(peer(1), &parts[2][1]), Ok(Some(&[2; 30][..])));
        assert_eq!(peers.push(peer(1), &parts[1][1]), Ok(None), "its beginning is gone");
    }

    #[test]
    fn a_flood_of_strangers_takes_no_more_than_its_bound_and_spares_who_was_accepted() {
        let (mut peers, parts) = (Peers::default(), cut(&[7; 30], 1));
        assert_eq!(peers.push(peer(1), &parts[0]), Ok(None));
        peers.trust(peer(1));
        for stranger in 2..20_000 {
            assert_eq!(peers.push(peer(stranger), &parts[0]), Ok(None));
        }
        assert_eq!(peers.held.len(), PEERS);
        assert_eq!(peers.push(peer(1), &parts[1]), Ok(Some(&[7; 30][..])));
        assert_eq!(peers.push(peer(2), &parts[1]), Ok(None), "it had to give way");
    }

    #[test]
    fn what_is_no_fragment_is_told() {
        let mut peers = Peers::default();
        for bad in [&[][..], &[1], &[1, 0x80]] {
            assert_eq!(peers.push(peer(1), bad), Err(Malformed));
        }
    }

    #[test]
    fn every_allowed_mtu_carries_the_longest_packet() {
        assert!(Cutter::new(&[0; MAX_PACKET], 0, Fragments::SMALLEST_MTU).is_ok());
        assert!(Cutter::new(&[0; MAX_PACKET], 0, Fragments::SMALLEST_MTU - 1).is_err());
    }
}
