//! Proves SPEC §5 for every value type: the crate's encoder writes what `postcard` writes of the same fields, less the trailing defaults, all of
//! them, and nothing else.

mod drawn;

use drawn::pool;
use proptest::prelude::*;
use tidings_wire::facts::Value;
use tidings_wire::fields::Encoder;

/// Postcard of a default field is zeros, so what was trimmed must be zeros; and no shorter beginning may read as the same value.
macro_rules! trimmed {
    ($value:expr) => {{
        let value = $value;
        let mut full = [0; 2048];
        let full = postcard::to_slice(&value, &mut full).expect("a value fits");
        let mut ours = [0xEE; 2048];
        let mut out = Encoder::into(&mut ours);
        value.write(&mut out);
        let len = out.finish().len;
        let (kept, left_off) = full.split_at(len);
        prop_assert_eq!(&ours[..len], &*kept);
        prop_assert!(left_off.iter().all(|byte| *byte == 0), "{:?} of {:?} was left off", left_off, value);
        prop_assert_eq!(Value::read(kept), Ok(value));
        for shorter in 0..len {
            prop_assert_ne!(Value::read(&kept[..shorter]), Ok(value), "{} bytes are enough", shorter);
        }
    }};
}

proptest! {
    #[test]
    fn each_value_type(pool in pool()) {
        let draw = pool.draw();
        let (texts, addresses) = (draw.texts(), draw.addresses());
        trimmed!(draw.scalar());
        trimmed!(draw.software());
        trimmed!(draw.account(&texts));
        trimmed!(draw.listener());
        trimmed!(draw.neighbour(&addresses));
        trimmed!(draw.certificate());
        trimmed!(draw.health());
        trimmed!(draw.agent());
        trimmed!(draw.update());
        trimmed!(draw.interface(&addresses));
    }
}
