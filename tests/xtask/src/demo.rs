//! x
mod children;
