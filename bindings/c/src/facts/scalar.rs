//! A value of one of several simple types: settings and identity claims.

use crate::borrowed::{flag, tidings_bytes_t};
use crate::fields::Fields;
use crate::registry::{
    TIDINGS_SCALAR_BOOL, TIDINGS_SCALAR_BYTES, TIDINGS_SCALAR_ENUM, TIDINGS_SCALAR_HASH, TIDINGS_SCALAR_INT,
    TIDINGS_SCALAR_TEXT, TIDINGS_SCALAR_UNKNOWN, TIDINGS_SCALAR_UNSUPPORTED,
};
use crate::status::{Outcome, Refusal, TIDINGS_E_VALUE};
use tidings::facts::Scalar;

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

impl tidings_scalar_t {
    /// # Safety
    /// As for [`Fields::text`].
    #[inline(never)]
    pub(crate) unsafe fn read<'g>(&self, fields: &Fields<'_>) -> Outcome<Scalar<'g>> {
        // SAFETY: as the caller of this.
        Ok(unsafe {
            match self.scalar_type {
                TIDINGS_SCALAR_UNKNOWN => Scalar::Unknown,
                TIDINGS_SCALAR_UNSUPPORTED => Scalar::Unsupported,
                TIDINGS_SCALAR_BOOL => Scalar::Bool(flag(small(self.number)?)?),
                TIDINGS_SCALAR_INT => Scalar::Int(self.number),
                TIDINGS_SCALAR_ENUM => Scalar::Enum(small(self.number)?),
                TIDINGS_SCALAR_TEXT => Scalar::Text(fields.text(&self.bytes)),
                TIDINGS_SCALAR_BYTES => Scalar::Bytes(fields.blob(&self.bytes)),
                TIDINGS_SCALAR_HASH => Scalar::Hash(fields.blob(&self.bytes)),
                _ => return Err(Refusal(TIDINGS_E_VALUE)),
            }
        })
    }
}

fn small<T: TryFrom<i64>>(number: i64) -> Outcome<T> {
    T::try_from(number).map_err(|_| Refusal(TIDINGS_E_VALUE))
}
