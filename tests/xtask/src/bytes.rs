//! x
mod fixture;
