//! What the factory gives one device, taken in when its image is built: id, keys, and the epoch to start above.
//!
//! Promise: no image without keys, and no keys in the repository. Not here: a key partition of its own and a fuse id, which a product with one image
//! for all devices reads at run time instead: `KeySet::from_bytes` takes the same bytes from there.
//!
//! ```sh
//! tidings-collector keys derive DEVICE --keys fleet.keys --form bin --output device.key
//! TIDINGS_KEY_FILE=$PWD/device.key TIDINGS_EPOCH_FLOOR=0 cargo build --release
//! ```

#[cfg(feature = "keys")]
use tidings::suites::KeySet;
use tidings::{DeviceId, EpochError, EpochStore, IdError, provision};

/// The keys, `kid | up 32 | down 32 | digest 16`. They end up in the image: protect it as you protect them.
#[cfg(feature = "keys")]
pub const KEY_SET: &[u8; KeySet::BYTES] = include_bytes!(env!(
    "TIDINGS_KEY_FILE",
    "this firmware seals what it sends: set TIDINGS_KEY_FILE to the absolute path of its keys, made by \
     `tidings-collector keys derive DEVICE --keys FLEET_FILE --form bin --output KEY_FILE`"
));

/// The epoch that a blank store starts above; only factory images have one.
///
/// 0 for a new device. After a mass erase the device needs new keys, or a floor a million above the epoch that the collector last saw
/// (`devices --json`): to use an epoch again under the same keys, also one that never arrived, would repeat nonces.
pub const EPOCH_FLOOR: Option<u32> = match option_env!("TIDINGS_EPOCH_FLOOR") {
    Some(digits) => Some(number(digits)),
    None => None,
};

/// The id of the device: `TIDINGS_DEVICE_ID` when the image is built, else `model`.
///
/// # Errors
/// [`IdError`] if it is no id.
pub fn device_id(model: &str) -> Result<DeviceId, IdError> {
    DeviceId::new(option_env!("TIDINGS_DEVICE_ID").unwrap_or(model).as_bytes())
}

/// Writes the first epoch if this is a factory image; a store that holds one is left alone.
///
/// # Errors
/// [`EpochError`]: the store failed, and nothing will be sent.
pub fn provision_blank<S: EpochStore>(store: &mut S) -> Result<(), EpochError<S::Error>> {
    EPOCH_FLOOR.map_or(Ok(()), |floor| provision(floor, store))
}

/// Fails at compile time if these are not the digits of a number.
#[allow(clippy::panic)] // a build with a bad floor must fail
const fn number(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("TIDINGS_EPOCH_FLOOR is not a number"),
    }
}
