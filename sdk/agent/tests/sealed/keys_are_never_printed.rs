//! Whatever is printed for a person to debug, no key is in it. That a key set itself has no `Debug` is a test of the wire crate's documentation.

use super::host::{CONFIG, id};
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Keys, Memory};

#[test]
fn an_agent_and_its_keys_show_suite_and_key_id_only() {
    let set = KeySet::new(1, [0xC3; 32], [0xC5; 32], [0xC9; 16]).expect("the keys differ");
    let suite = ChaCha20Poly1305::device(&set);
    let keys = Keys::sealed(&suite, &set);
    let mut memory = Memory::<64, 64>::new();
    let agent = Agent::new(CONFIG, id(), keys, &mut memory);
    for shown in [format!("{keys:?}"), format!("{agent:?}")] {
        assert!(shown.contains("kid"), "{shown}");
        for byte in [0xC3_u8, 0xC5, 0xC9] {
            let (decimal, hex) = (byte.to_string(), format!("{byte:x}"));
            assert!(!shown.contains(&format!("{decimal}, {decimal}")) && !shown.contains(&hex.repeat(2)), "{shown}");
        }
    }
}
