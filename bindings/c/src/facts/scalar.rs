//! A value of one of several simple types: settings and identity claims.

use crate::borrowed::tidings_bytes_t;

/// One simple value with its type; all zero is "unknown". `tidings_bool`, `tidings_int`, `tidings_enum` and `tidings_scalar` make one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_scalar_t {
    /// `TIDINGS_SCALAR_…`, which says which of the other two counts.
    pub scalar_type: u8,
    /// Of a bool, int or enum.
    pub number: i64,
    /// Of a text, bytes or hash.
    pub bytes: tidings_bytes_t,
}
