//! One thread a source: it waits, reads everything anew, and sends what it read if that differs from the last time.
//!
//! Promise: a source that fails, is slow, or panics harms no other and never looks empty. Not here: what happens to an observation.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use crate::fact::Kind;
use crate::source::{Failure, Reading, Source};
use crate::watch::Watcher;

/// How long a watcher that the system refused, or that broke, is left alone.
const RETRY: Duration = Duration::from_secs(5);

/// Everything that a source can say about its kind right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The kind.
    pub kind: Kind,
    /// All its facts, or why there are none to tell.
    pub outcome: Result<Reading, Failure>,
}

/// Starts the thread of a source. It ends when nobody receives any more; until then it may wait for ever, so it is not to be joined.
///
/// # Errors
/// Those of the system, when it has no more threads to give.
pub fn spawn<T: Send + 'static>(
    source: Box<dyn Source>,
    observations: SyncSender<T>,
    wrap: fn(Observation) -> T,
) -> io::Result<()> {
    let name = format!("{:?}", source.kind()).to_lowercase();
    let tell = move |observation| observations.send(wrap(observation)).is_ok();
    let run = move || Follower { source, told: None, tell }.follow();
    thread::Builder::new().name(name).spawn(run).map(drop)
}

/// Reads and waits in turn until `tell` refuses.
struct Follower<F> {
    source: Box<dyn Source>,
    told: Option<Result<Reading, Failure>>,
    tell: F,
}

impl<F: FnMut(Observation) -> bool> Follower<F> {
    fn follow(&mut self) {
        loop {
            // Watching begins before the first reading, so that nothing falls in between.
            let wanted = match Watcher::new(self.source.watch()) {
                Ok(watcher) => self.read_and_wait(watcher),
                Err(e) => self.tell_news(Err(Failure(format!("cannot watch: {e}")))),
            };
            if !wanted {
                return;
            }
            thread::sleep(RETRY);
        }
    }

    /// Goes on until the watcher breaks, or until nobody wants to know any more: then it says false.
    fn read_and_wait(&mut self, mut watcher: Watcher) -> bool {
        loop {
            let outcome = read(self.source.as_mut());
            if !self.tell_news(outcome) {
                return false;
            }
            if watcher.wait().is_err() {
                return true;
            }
        }
    }

    fn tell_news(&mut self, outcome: Result<Reading, Failure>) -> bool {
        if self.told.as_ref() == Some(&outcome) {
            return true;
        }
        self.told = Some(outcome.clone());
        (self.tell)(Observation { kind: self.source.kind(), outcome })
    }
}

/// A reading that survives a parser's panic.
fn read(source: &mut dyn Source) -> Result<Reading, Failure> {
    let outcome = catch_unwind(AssertUnwindSafe(|| source.read()));
    outcome.unwrap_or_else(|_| Err(Failure("the source panicked; this is a bug of linux-gateway".into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Watch;

    /// Outcomes of a source that says the given things, one each time it is asked, and then panics.
    fn told(script: Vec<Result<Reading, Failure>>) -> Vec<Result<Reading, Failure>> {
        struct Scripted(Vec<Result<Reading, Failure>>);
        impl Source for Scripted {
            fn kind(&self) -> Kind {
                Kind::Account
            }
            fn watch(&self) -> Watch {
                Watch::Every(Duration::ZERO)
            }
            fn read(&mut self) -> Result<Reading, Failure> {
                self.0.remove(0)
            }
        }
        let mut told = Vec::new();
        let tell = |observation: Observation| {
            let panicked = matches!(&observation.outcome, Err(Failure(why)) if why.contains("panicked"));
            told.push(observation.outcome);
            !panicked
        };
        Follower { source: Box::new(Scripted(script)), told: None, tell }.follow();
        told
    }

    #[test]
    fn only_news_are_told_and_a_panic_is_a_failure() {
        let fine = Ok(Reading::default());
        let broken = Err(Failure("unreadable".into()));
        let script = vec![fine.clone(), fine.clone(), broken.clone(), broken.clone(), fine.clone()];
        let told = told(script);
        assert_eq!(told[..3], [fine.clone(), broken, fine]);
        assert_eq!(told.len(), 4);
    }
}
