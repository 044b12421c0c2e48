//! Builds a port's firmware with its own manifest and settings, as its README says. Knows nothing of how it runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use object::{Object as _, ObjectSymbol as _};

/// The release image of `examples/mps2-an386`, built on the first call.
///
/// # Panics
/// If it does not build; what cargo said is on standard error.
pub fn mps2_an386() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| build("mps2-an386", "thumbv7em-none-eabi"))
}

/// The address of a symbol of an image.
///
/// # Panics
/// If the image cannot be read or has no such symbol.
pub fn address_of(image: &Path, symbol: &str) -> u64 {
    let bytes = fs::read(image).expect("the image was just built");
    let elf = object::File::parse(&*bytes).expect("the linker writes ELF");
    let found = elf.symbols().find(|candidate| candidate.name() == Ok(symbol));
    found.unwrap_or_else(|| panic!("no symbol {symbol} in {}", image.display())).address()
}

fn build(port: &str, target: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(port);
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--target-dir", "target"])
        .current_dir(&root)
        // The port's own `.cargo/config.toml` says how to link; these would override it.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .status()
        .expect("cargo runs this test, so it can run again");
    assert!(built.success(), "{port} does not build");
    root.join("target").join(target).join("release").join(port)
}
