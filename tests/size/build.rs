//! Puts `memory.x` where the linker looks for it, and into `stack_c` what `cargo xtask stack` made for it.

use std::env;

/// Names what is linked into `stack_c` besides, a path each.
const PARTS: &str = "TIDINGS_STACK_PARTS";

fn main() {
    println!("cargo:rerun-if-env-changed={PARTS}");
    for part in env::split_paths(&env::var_os(PARTS).unwrap_or_default()) {
        println!("cargo:rerun-if-changed={0}\ncargo:rustc-link-arg-bin=stack_c={0}", part.display());
    }
    println!("cargo:rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
    println!("cargo:rerun-if-changed=memory.x");
}
