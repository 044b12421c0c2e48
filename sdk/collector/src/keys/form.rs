//! Key sets as text and bytes that firmware can take in.

use clap::ValueEnum;
use tidings_wire::suites::KeySet;
use zeroize::Zeroizing;

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// 162 hex digits
    Hex,
    /// 81 bytes, for a provisioning partition
    Bin,
    /// A Rust constant
    Rust,
    /// A C header
    C,
}

impl Form {
    /// The set in this form: `kid | up 32 | down 32 | digest 16` in each of them.
    #[must_use]
    pub fn write(self, keys: &KeySet) -> Zeroizing<Vec<u8>> {
        let bytes = Zeroizing::new(keys.to_bytes());
        Zeroizing::new(match self {
            Self::Hex => format!("{}\n", *hex(&bytes[..])).into_bytes(),
            Self::Bin => bytes.to_vec(),
            Self::Rust => rust(&bytes[..]),
            Self::C => c(&bytes[..]),
        })
    }
}

fn rust(bytes: &[u8]) -> Vec<u8> {
    let promise = "/// The keys of one device, for `KeySet::from_bytes`. Secret: keep it out of version control.";
    format!("{promise}\npub const KEY_SET: [u8; {}] = [\n{}];\n", bytes.len(), *lines(bytes)).into_bytes()
}

fn c(bytes: &[u8]) -> Vec<u8> {
    let promise =
        "/* The keys of one device: kid, up 32, down 32, digest 16. Secret: keep it out of version control. */";
    let guard = "TIDINGS_KEY_SET_H";
    format!(
        "#ifndef {guard}\n#define {guard}\n{promise}\nstatic const unsigned char TIDINGS_KEY_SET[{}] = {{\n{}}};\n#endif\n",
        bytes.len(),
        *lines(bytes)
    )
    .into_bytes()
}

fn lines(bytes: &[u8]) -> Zeroizing<String> {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!(" 0x{byte:02x},")).collect::<String>();
    Zeroizing::new(bytes.chunks(16).map(|some| format!("   {}\n", line(some))).collect())
}

/// Bytes as hex, wiped when dropped.
pub(super) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
