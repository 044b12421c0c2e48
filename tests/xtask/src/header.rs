//! Writes the C header from the source of `bindings/c`, or compares it.
//!
//! How it is made is in `tests/c_abi`, whose tests compare it too.

use anyhow::{Context, Result, bail};
use std::fs;
use tidings_c_abi::{header, rooms};

/// Writes the header, or with `check` fails if it is not what the source says.
pub fn run(check: bool) -> Result<()> {
    let (path, text) = (rooms::header(), header::generate()?);
    let same = fs::read_to_string(&path).is_ok_and(|committed| committed == text);
    match (same, check) {
        (true, _) => println!("the header is what the source says"),
        (false, true) => bail!("the header is not what the source says: run `cargo xtask header`"),
        (false, false) => {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("the header was written anew");
        }
    }
    Ok(())
}
