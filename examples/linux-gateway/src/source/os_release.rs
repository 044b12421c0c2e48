//! The distribution's own description of itself: the `os-release` file.
//!
//! Promise: values as a shell would read them, quotes and escapes undone. Not here: any guess when a field is missing.

use crate::source::{Failure, Root, read_file};

/// Where the file is looked for, in this order (`man 5 os-release`).
pub const PATHS: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

/// The fields that are reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// `ID`, such as `debian`; `linux` if it is missing, as the manual says.
    pub id: String,
    /// `VERSION_ID`; empty for a rolling release.
    pub version: String,
}

/// Reads the first of the two files that is there.
///
/// # Errors
/// [`Failure`] if neither can be read.
pub fn read(root: &Root) -> Result<OsRelease, Failure> {
    let [first, second] = PATHS.map(|path| root.at(path));
    read_file(&first).or_else(|why| read_file(&second).map_err(|_| why)).map(|bytes| parse(&bytes))
}

/// Reads the text of an os-release file.
#[must_use]
pub fn parse(bytes: &[u8]) -> OsRelease {
    let text = String::from_utf8_lossy(bytes);
    let field = |name: &str| {
        let raw = text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        raw.map(unquote).filter(|value| !value.is_empty())
    };
    OsRelease { id: field("ID").unwrap_or_else(|| "linux".into()), version: field("VERSION_ID").unwrap_or_default() }
}

fn unquote(raw: &str) -> String {
    let quoted = |mark: char| raw.strip_prefix(mark)?.strip_suffix(mark);
    if let Some(literal) = quoted('\'') {
        return literal.into();
    }
    let mut value = String::new();
    let mut chars = quoted('"').unwrap_or(raw).chars();
    while let Some(c) = chars.next() {
        value.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(id: &str, version: &str) -> OsRelease {
        OsRelease { id: id.into(), version: version.into() }
    }

    #[test]
    fn debian_names_itself() {
        assert_eq!(parse(include_bytes!("../../samples/os-release")), release("debian", "12"));
    }

    #[test]
    fn quotes_and_escapes_are_undone() {
        assert_eq!(parse(b"ID='poky'\nVERSION_ID=\"5.0 \\\"scarthgap\\\"\"\n"), release("poky", "5.0 \"scarthgap\""));
        assert_eq!(parse(b"# ID=no\nVERSION_ID=\"unclosed\nPRETTY_NAME=x"), release("linux", "\"unclosed"));
    }

    #[test]
    fn a_rolling_release_has_no_version() {
        assert_eq!(parse(b"ID=arch\n"), release("arch", ""));
    }
}
