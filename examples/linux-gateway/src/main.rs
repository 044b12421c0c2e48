//! `linux-gateway`: see `--help`.
fn main() {}
