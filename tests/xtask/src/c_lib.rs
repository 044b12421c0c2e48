//! Builds the archives of the C border and says where they are.
//!
//! How one is built is in `tests/c_abi`, whose tests link them.

use anyhow::Result;
use std::fs;
use tidings_c_abi::archive;
use tidings_c_abi::target::{DEVICES, Target, host};

/// Builds the archive of `target`, or of the host and each device.
pub fn run(target: Option<&str>, one_way: bool) -> Result<()> {
    let features: &[&str] = if one_way { &["one-way"] } else { &[] };
    if let Some(name) = target {
        return build(&Target::named(name)?, features);
    }
    build(&host()?, features)?;
    for device in DEVICES {
        build(&device, features)?;
    }
    Ok(())
}

fn build(target: &Target, features: &[&str]) -> Result<()> {
    let path = archive::build(target, features)?;
    println!("{:<28} {:>8} B  {}", target.name, fs::metadata(&path)?.len(), path.display());
    Ok(())
}
