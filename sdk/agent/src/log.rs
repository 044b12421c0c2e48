//! Log lines through defmt on a device, nothing on a host: its symbols do not link there.

#[cfg(all(feature = "defmt", target_os = "none"))]
macro_rules! log {
    ($level:ident, $($arg:tt)*) => { defmt::$level!($($arg)*) };
}

#[cfg(not(all(feature = "defmt", target_os = "none")))]
macro_rules! log {
    ($level:ident, $text:literal $(, $arg:expr)* $(,)?) => {{ $(let _ = &$arg;)* }};
}

pub(crate) use log;
