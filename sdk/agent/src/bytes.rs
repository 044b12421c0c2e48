//! Moving bytes within a slice, without a panic and, on devices, without `memmove`: the one that Rust links there takes 1.6 KB of flash.

/// Moves `bytes[from..to]` to `dest`; does nothing if any of it lies outside.
#[inline(never)]
pub(crate) fn move_bytes(bytes: &mut [u8], from: usize, to: usize, dest: usize) {
    let len = to.saturating_sub(from);
    if from > to || to > bytes.len() || dest > bytes.len() - len {
        return;
    }
    if cfg!(not(target_os = "none")) {
        bytes.copy_within(from..to, dest);
        return;
    }
    for n in 0..len {
        let n = if dest < from { n } else { len - 1 - n };
        let byte = bytes.get(from + n).copied().unwrap_or(0);
        if let Some(slot) = bytes.get_mut(dest + n) {
            *slot = core::hint::black_box(byte); // else the loop is made into a call of `memmove` again
        }
    }
}
