//! Where things lie in this repository.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The crate that C calls.
pub fn bindings() -> PathBuf {
    root().join("bindings/c")
}

/// The committed header.
pub fn header() -> PathBuf {
    bindings().join("include/tidings.h")
}
