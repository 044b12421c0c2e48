//! Messages to the person who runs the collector, on standard error.
//!
//! Not the log: that is in the database.

use std::fmt;
use std::io::Write;

use crate::terminal::visible;

/// Says one line. A closed standard error is no reason to stop.
pub fn say(message: fmt::Arguments<'_>) {
    let text = message.to_string();
    let _ = writeln!(std::io::stderr().lock(), "tidings-collector: {}", visible(&text));
}
