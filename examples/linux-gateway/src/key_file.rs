//! The file with this device's keys, as `tidings-collector keys derive` or `export` writes it: 162 hex digits, or the 81 bytes themselves.
//!
//! Promise: a file that others may read is refused, and no byte of a key is ever in a message. Not here: where the keys come from.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tidings::suites::KeySet;
use zeroize::Zeroizing;

/// Longer than any key file.
const MAX_BYTES: u64 = 1024;

/// Reads the keys.
///
/// # Errors
/// A sentence: the file is missing, open to others, or holds no keys.
pub fn read(path: &Path) -> Result<KeySet, String> {
    let fail = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let file = File::open(path).map_err(|e| fail(&e))?;
    let mode = file.metadata().map_err(|e| fail(&e))?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(fail(&format_args!(
            "others may read these keys (mode {mode:o}): chmod 600, and new keys if anybody did"
        )));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize));
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|e| fail(&e))?;
    parse(&bytes)
        .ok_or_else(|| fail(&"no keys: 162 hex digits or 81 bytes, as `tidings-collector keys export` writes them"))
}

fn parse(bytes: &[u8]) -> Option<KeySet> {
    if let Ok(whole) = bytes.try_into() {
        return KeySet::from_bytes(whole).ok();
    }
    let mut set = Zeroizing::new([0; KeySet::BYTES]);
    let digits = bytes.trim_ascii();
    if digits.len() != 2 * KeySet::BYTES {
        return None;
    }
    for (byte, pair) in set.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    KeySet::from_bytes(&set).ok()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    fn file(bytes: &[u8], mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
        file
    }

    fn refusal(bytes: &[u8], mode: u32) -> String {
        read(file(bytes, mode).path()).err().expect("a refusal")
    }

    const SET: [u8; KeySet::BYTES] = {
        let mut set = [7; KeySet::BYTES];
        set[33] = 8;
        set
    };

    #[test]
    fn digits_and_bytes_are_the_same_keys() {
        let digits: String = SET.iter().map(|byte| format!("{byte:02X}")).collect();
        for form in [SET.to_vec(), digits.clone().into_bytes(), format!("{digits}\n").into_bytes()] {
            let set = read(file(&form, 0o600).path()).unwrap_or_else(|why| panic!("{why}"));
            assert!(*Zeroizing::new(set.to_bytes()) == SET);
        }
    }

    #[test]
    fn what_others_may_read_is_refused() {
        for mode in [0o640, 0o604, 0o660, 0o620] {
            assert!(refusal(&SET, mode).contains("chmod 600"), "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_key_set_is_refused_without_a_byte_of_it() {
        for wrong in [&b""[..], &SET[1..], &[0; KeySet::BYTES], &[0xFF; KeySet::BYTES], &[b'0'; 163], &[b'z'; 162]] {
            let why = refusal(wrong, 0o600);
            assert!(why.contains("no keys"), "{why}");
        }
        assert!(read(Path::new("/no/such/keys")).err().is_some_and(|why| why.starts_with("/no/such/keys: ")));
    }
}
