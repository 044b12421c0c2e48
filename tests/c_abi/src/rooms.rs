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

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Where archives are put, a folder each.
pub fn archives() -> PathBuf {
    target().join("c-lib")
}
