//! A scan that is begun in one call and finished in another, in memory of a size that is known at run time only.

use tidings::facts::Software;
use tidings::{Agent, Config, DeviceId, Keys, Kind};

fn slots(agent: &Agent<'_>) -> usize {
    agent.facts().filter(|(kind, ..)| *kind == Kind::SOFTWARE).count()
}

#[test]
fn what_was_not_recorded_between_the_two_calls_is_removed() {
    let (mut facts, mut events) = (vec![0; 512], vec![0; 64]);
    let id = DeviceId::new(b"device").expect("an id");
    let mut agent = Agent::within(&Config::new(), id, Keys::PLAIN, &mut facts, &mut events);
    for slot in 0..3 {
        agent.record(&Software::slot(slot).version("1")).expect("room");
    }
    drop(agent.scan(Kind::SOFTWARE));
    agent.record(&Software::slot(1).version("1")).expect("room");
    assert_eq!(slots(&agent), 3, "nothing is removed before the end");
    agent.resume_scan(Kind::SOFTWARE).finish();
    assert_eq!(slots(&agent), 1);
    assert_eq!(agent.coverage(Kind::SOFTWARE), Some(tidings::facts::Coverage::COMPLETE));
}
