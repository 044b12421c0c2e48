//! One thread a source: it waits, reads everything anew, and sends what it read if that differs from the last time.
//!
//! Promise: a source that fails, is slow, or panics harms no other and never looks empty. Not here: what happens to an observation.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use crate::fact::Kind;
use crate::source::{Failure, Reading, Source};
use crate::watch::Watcher;

/// How long a watcher that the system refused is left alone.
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
) -> std::io::Result<()> {
    let name = format!("{:?}", source.kind()).to_lowercase();
    let run = move || follow(source, |observation| observations.send(wrap(observation)).is_ok());
    thread::Builder::new().name(name).spawn(run).map(drop)
}

/// Reads and waits in turn until `tell` refuses.
fn follow(mut source: Box<dyn Source>, mut tell: impl FnMut(Observation) -> bool) {
    let kind = source.kind();
    let mut told = None;
    let mut tell_news = |outcome: Result<Reading, Failure>| {
        let news = told.as_ref() != Some(&outcome);
        told = Some(outcome.clone());
        !news || tell(Observation { kind, outcome })
    };
    loop {
        // Watching begins before the first reading, so that nothing falls in between.
        let mut watcher = match Watcher::new(source.watch()) {
            Ok(watcher) => watcher,
            Err(e) => {
                if !tell_news(Err(Failure(format!("cannot watch: {e}")))) {
                    return;
                }
                thread::sleep(RETRY);
                continue;
            }
        };
        loop {
            if !tell_news(read(source.as_mut())) {
                return;
            }
            if watcher.wait().is_err() {
                break;
            }
        }
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
        follow(Box::new(Scripted(script)), |observation| {
            let panicked = matches!(&observation.outcome, Err(Failure(why)) if why.contains("panicked"));
            told.push(observation.outcome);
            !panicked
        });
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
