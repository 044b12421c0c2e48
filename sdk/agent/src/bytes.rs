//! Moving bytes within a slice, without a panic and, on devices, without `memmove`: the one that Rust links there takes 1.6 KB of flash.

use core::cell::Cell;
use core::sync::atomic::{Ordering, compiler_fence};

/// Moves `bytes[from..to]` to `dest`; does nothing if any of it lies outside.
#[inline(never)]
pub(crate) fn move_bytes(bytes: &mut [u8], from: usize, to: usize, dest: usize) {
    if cfg!(target_os = "none") {
        move_one_by_one(bytes, from, to, dest);
    } else if from <= to && to <= bytes.len() && dest <= bytes.len() - (to - from) {
        bytes.copy_within(from..to, dest);
    }
}

#[inline(always)]
fn move_one_by_one(bytes: &mut [u8], from: usize, to: usize, dest: usize) {
    // Cells, so that both places can be walked at once.
    let cells = Cell::from_mut(bytes).as_slice_of_cells();
    let Some(source) = cells.get(from..to) else { return };
    let Some(room) = cells.get(dest..).and_then(|rest| rest.get(..source.len())) else { return };
    let both = room.iter().zip(source);
    let copy = |(to, from): (&Cell<u8>, &Cell<u8>)| {
        to.set(from.get());
        compiler_fence(Ordering::SeqCst); // else the loop is made into a call of `memmove` again
    };
    if dest < from {
        both.for_each(copy);
    } else if dest > from {
        both.rev().for_each(copy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: usize = 9;

    #[test]
    fn one_by_one_they_end_where_all_at_once_do() {
        let numbered: [u8; LEN] = core::array::from_fn(|at| at as u8);
        for from in 0..=LEN + 1 {
            for to in 0..=LEN + 1 {
                for dest in 0..=LEN + 1 {
                    let (mut one_by_one, mut at_once) = (numbered, numbered);
                    move_one_by_one(&mut one_by_one, from, to, dest);
                    move_bytes(&mut at_once, from, to, dest);
                    assert_eq!(one_by_one, at_once, "{from}..{to} to {dest}");
                }
            }
        }
    }
}
