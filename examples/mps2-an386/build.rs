//! Puts `memory.x` where the linker looks for it, and the device's keys where `src/keys.rs` takes them in.
//!
//! An image without keys is built only if the feature `plain` asks for it. Says nothing of the keys, and prints none.
use std::{env, error::Error, fs, path::PathBuf};

/// The file with the device's keys, as `tidings-collector keys derive … --form bin` writes it.
const KEY_FILE: &str = "TIDINGS_KEY_FILE";
/// `kid | up 32 | down 32 | digest 16`.
const KEY_BYTES: usize = 81;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::copy("memory.x", out.join("memory.x"))?;
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={KEY_FILE}");
    // The library half, which the host tests, has no use for keys.
    let is_image = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "none");
    if env::var_os("CARGO_FEATURE_PLAIN").is_some() {
        println!(
            "cargo::warning=PLAIN: this image does not seal. Whoever is on the way reads its packets and writes others."
        );
    } else if is_image {
        match keys() {
            Ok(keys) => fs::write(out.join("keys.bin"), keys)?,
            Err(why) => println!("cargo::error={why}"),
        }
    }
    Ok(())
}

fn keys() -> Result<Vec<u8>, String> {
    let path = env::var_os(KEY_FILE).map(PathBuf::from).ok_or_else(|| {
        format!(
            "set {KEY_FILE} to the device's keys, the 81 bytes that `tidings-collector keys derive mps2-an386 \
             --keys FLEET --form bin --output FILE` writes; or build with `--features plain` for a trusted wire"
        )
    })?;
    println!("cargo::rerun-if-changed={}", path.display());
    let keys = fs::read(&path).map_err(|error| format!("{KEY_FILE}={}: {error}", path.display()))?;
    let sound = keys.len() == KEY_BYTES && keys[0] <= 127 && keys[1..17] != keys[33..49];
    sound.then_some(keys).ok_or_else(|| format!("{KEY_FILE}={} holds no keys of {KEY_BYTES} bytes", path.display()))
}
