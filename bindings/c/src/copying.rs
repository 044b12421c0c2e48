//! What the compiler calls to copy and clear memory, on Arm, as small as it gets: `compiler_builtins` brings a kilobyte for it.
//!
//! Promise: the names stay inside the archive, so that a firmware's own `memcpy` is neither needed nor replaced. A byte at a time: what is copied
//! here is short. Not here: `memmove`, `memcmp` and other cores, which take what `compiler_builtins` has.

use core::arch::global_asm;

// From the last byte to the first, so that the length counts down and no other register is needed; thumb of an M0. r0 is left as it is: the C names
// return it. Those of the EABI take the length before the byte.
global_asm!(
    ".section .text.tidings_copy,\"ax\",%progbits",
    ".thumb",
    ".p2align 1",
    ".global memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8",
    ".thumb_func",
    "memcpy:",
    ".thumb_func",
    "__aeabi_memcpy:",
    ".thumb_func",
    "__aeabi_memcpy4:",
    ".thumb_func",
    "__aeabi_memcpy8:",
    "    subs r2, #1",
    "    bcc 1f",
    "    ldrb r3, [r1, r2]",
    "    strb r3, [r0, r2]",
    "    b memcpy",
    "1:  bx lr",
    ".section .text.tidings_fill,\"ax\",%progbits",
    ".thumb",
    ".p2align 1",
    ".global memset, __aeabi_memset, __aeabi_memset4, __aeabi_memset8, __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8",
    ".thumb_func",
    "memset:",
    "    movs r3, r1",
    "    movs r1, r2",
    "    movs r2, r3",
    "    b __aeabi_memset",
    ".thumb_func",
    "__aeabi_memclr:",
    ".thumb_func",
    "__aeabi_memclr4:",
    ".thumb_func",
    "__aeabi_memclr8:",
    "    movs r2, #0",
    ".thumb_func",
    "__aeabi_memset:",
    ".thumb_func",
    "__aeabi_memset4:",
    ".thumb_func",
    "__aeabi_memset8:",
    "    subs r1, #1",
    "    bcc 1f",
    "    strb r2, [r0, r1]",
    "    b __aeabi_memset",
    "1:  bx lr",
    ".text",
);
