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
    } else if dest < from {
        (0..len).for_each(|n| copy(bytes, from + n, dest + n));
    } else {
        (0..len).rev().for_each(|n| copy(bytes, from + n, dest + n));
    }
}

fn copy(bytes: &mut [u8], from: usize, to: usize) {
    let byte = bytes.get(from).copied();
    if let (Some(byte), Some(slot)) = (byte, bytes.get_mut(to)) {
        *slot = core::hint::black_box(byte); // else the loop is made into a call of `memmove` again
    }
}
