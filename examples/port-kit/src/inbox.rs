//! What the async task that reports waits for: bytes that another task read from the link, and word that something changed.
//!
//! Promise: no read of the link is ever cancelled, because [`Inbox::fill_from`] does nothing else; signalling is for tasks and interrupts alike.
//! Not here: the agent, which the tasks share behind a mutex of the executor's, and the timer.

use core::future::Future;

use embassy_futures::{select::select, yield_now};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::signal::Signal;
use embedded_io_async::Read;

const CHUNK: usize = 64;

/// An inbox for a `static`; `N` received bytes wait in it, and then the link waits.
pub struct Inbox<const N: usize> {
    received: Pipe<CriticalSectionRawMutex, N>,
    news: Signal<CriticalSectionRawMutex, ()>,
}

impl<const N: usize> Inbox<N> {
    /// An empty inbox.
    pub const fn new() -> Self {
        Self { received: Pipe::new(), news: Signal::new() }
    }

    /// Says that something changed, or waits in a mailbox.
    pub fn signal(&self) {
        self.news.signal(());
    }

    /// Moves what the link receives into the inbox, for ever. Bytes that the reader lost are healed by the protocol.
    pub async fn fill_from(&self, mut reader: impl Read) -> ! {
        let mut bytes = [0; CHUNK];
        loop {
            let len = reader.read(&mut bytes).await.unwrap_or(0);
            if len == 0 {
                // A link that failed may fail at once again: others get their turn.
                yield_now().await;
            }
            let mut rest = bytes.get(..len).unwrap_or(&[]);
            while !rest.is_empty() {
                let taken = self.received.write(rest).await;
                rest = rest.get(taken..).unwrap_or(&[]);
                self.signal();
            }
        }
    }

    /// Takes received bytes out, at most 64 a call; gives them to `take` until there are none.
    pub fn empty_into(&self, mut take: impl FnMut(&[u8])) {
        let mut bytes = [0; CHUNK];
        while let Ok(len) = self.received.try_read(&mut bytes) {
            take(bytes.get(..len).unwrap_or(&[]));
        }
    }

    /// Waits for a signal, or until `timer` has run out.
    pub async fn news_or(&self, timer: impl Future<Output = ()>) {
        select(self.news.wait(), timer).await;
    }
}

impl<const N: usize> Default for Inbox<N> {
    fn default() -> Self {
        Self::new()
    }
}
