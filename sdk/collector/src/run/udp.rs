//! Listens on UDP: a datagram is a packet, its answer goes to its sender.
//!
//! Answers are never longer than a short packet, so that a forged sender address gains nothing. Where a device was last seen changes only with an
//! accepted packet, which is the committer's business.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use tidings_wire::MAX_PACKET;

use super::inbox::{Packets, Parcel, ReplyTo, Source};
use super::say::say;

/// Binds and listens from now on, in a thread of its own.
///
/// # Errors
/// What the operating system reports if the address cannot be bound.
pub fn listen(address: SocketAddr, inbox: SyncSender<Parcel>) -> io::Result<()> {
    let socket = Arc::new(UdpSocket::bind(address)?);
    say(format_args!("listening on udp {}", socket.local_addr()?));
    thread::Builder::new().name("udp".into()).spawn(move || receive_all(&socket, &inbox))?;
    Ok(())
}

fn receive_all(socket: &Arc<UdpSocket>, inbox: &SyncSender<Parcel>) {
    // One byte more than a packet may have tells a longer one.
    let mut bytes = [0; MAX_PACKET + 1];
    loop {
        let Ok((len, peer)) = socket.recv_from(&mut bytes) else {
            // Of an earlier answer that could not be delivered: nothing to do. The pause is for an error that stays.
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        if inbox.send(parcel(&bytes[..len], peer, socket)).is_err() {
            return;
        }
    }
}

fn parcel(datagram: &[u8], peer: SocketAddr, socket: &Arc<UdpSocket>) -> Parcel {
    let (mut packets, fits) = (Packets::default(), datagram.len() <= MAX_PACKET);
    if fits {
        packets.push(datagram);
    }
    let from = Source { name: format!("udp {peer}").into(), device: None };
    Parcel { from, packets, spoiled: u32::from(!fits), reply_to: ReplyTo::Datagram(Arc::clone(socket), peer) }
}
