//! Makes the folder that C users get, and says where it is.
//!
//! What goes into it is in `tests/c_abi`, whose tests play a stranger with it.

use anyhow::Result;
use tidings_c_abi::release;

/// Makes it anew.
pub fn run() -> Result<()> {
    println!("{}", release::make()?.display());
    Ok(())
}
