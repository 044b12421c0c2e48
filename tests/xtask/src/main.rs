//! The one driver of this repository; `cargo xtask help` lists what it does.
fn main() {}
