//! Builds a port's firmware with its own manifest and settings, as its README says. Knows nothing of how it runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use object::{Object as _, ObjectSymbol as _};

use crate::fleet::Fleet;

/// The release image of `examples/mps2-an386` with the keys of [`Fleet::of_this_run`], built on the first call.
///
/// # Panics
/// If it does not build; what cargo said is on standard error.
pub fn mps2_an386() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let image = build("mps2-an386", "thumbv7em-none-eabi", &[]);
        let (bytes, keys) = (fs::read(&image), fs::read(Fleet::of_this_run().board_keys()));
        let (bytes, keys) = (bytes.expect("it was just built"), keys.expect("the fleet has them"));
        assert!(bytes.windows(keys.len()).any(|part| part == keys), "somebody else built it, with other keys");
        image
    })
}

/// The same image, built to speak plain.
///
/// # Panics
/// If it does not build; what cargo said is on standard error.
pub fn mps2_an386_plain() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| build("mps2-an386", "thumbv7em-none-eabi", &["--features", "plain"]))
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

/// Builds, and copies the image to where no later build replaces it.
fn build(port: &str, target: &str, more: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(port);
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--target-dir", "target"])
        .args(more)
        .current_dir(&root)
        .env("TIDINGS_KEY_FILE", Fleet::of_this_run().board_keys())
        // The port's own `.cargo/config.toml` says how to link; these would override it.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .status()
        .expect("cargo runs this test, so it can run again");
    assert!(built.success(), "{port} does not build");
    let image = Fleet::of_this_run().folder().join(format!("{port}{}", more.concat()));
    fs::copy(root.join("target").join(target).join("release").join(port), &image).expect("cargo built it");
    image
}
