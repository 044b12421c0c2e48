//! What listeners hand to the committer, and what comes back: whole packets, in bounded parcels.
//!
//! A listener never sees a device's state, the committer never sees a socket's framing.

use std::fmt;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::fragments;
use crate::device_id::DeviceId;

/// Parcels that may wait; a listener that meets a full inbox waits too, and so does its peer.
const WAITING: usize = 256;

/// The two ends of a bounded inbox.
pub fn inbox() -> (SyncSender<Parcel>, Receiver<Parcel>) {
    sync_channel(WAITING)
}

/// Packets that arrived together from one peer.
#[derive(Debug)]
pub struct Parcel {
    /// From whom.
    pub from: Source,
    /// Whole packets, not yet checked.
    pub packets: Packets,
    /// Frames that were too long or cut short.
    pub spoiled: u32,
    /// Where the answers go.
    pub reply_to: ReplyTo,
}

/// A peer, as people are told of it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Listener and address.
    pub name: Arc<str>,
    /// The device that the transport itself names, for packets that bear no id.
    pub device: Option<DeviceId>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Where answers go.
#[derive(Debug, Clone)]
pub enum ReplyTo {
    /// To the thread that serves a stream: it waits for them before it reads on.
    Stream(SyncSender<Replies>),
    /// To the sender of a datagram.
    Datagram(Arc<UdpSocket>, SocketAddr),
    /// To the sender of fragments.
    Fragments(Arc<fragments::Link>, SocketAddr),
}

/// The answers to one parcel.
#[derive(Debug, Default)]
pub struct Replies {
    /// Answer packets, not framed.
    pub packets: Packets,
    /// How many packets of the parcel were accepted.
    pub accepted: u32,
}

impl ReplyTo {
    /// Sends the answers. Lost ones do no harm: the device asks again.
    pub fn send(&self, replies: Replies) {
        match self {
            Self::Stream(thread) => {
                let _ = thread.try_send(replies);
            }
            Self::Datagram(socket, peer) => replies.packets.iter().for_each(|packet| {
                let _ = socket.send_to(packet, peer);
            }),
            Self::Fragments(link, peer) => link.answer(*peer, &replies),
        }
    }
}

/// Packets one after the other in a single buffer.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Packets {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Packets {
    /// Adds a packet.
    pub fn push(&mut self, packet: &[u8]) {
        self.bytes.extend_from_slice(packet);
        self.ends.push(self.bytes.len());
    }

    /// The packets in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
