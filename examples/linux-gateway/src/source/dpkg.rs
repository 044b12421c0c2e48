//! The package database of dpkg: `/var/lib/dpkg/status`, and nothing else of it.
//!
//! Promise: every stanza whose status is exactly `install ok installed` becomes one fact; other states are no facts; a stanza that makes
//! no sense is counted. Not here: what a package contains, and whether it is vulnerable.

use crate::fact::{Fact, Part, Software};
use crate::source::{Failure, Reading};

/// The only state in which a package counts.
pub const INSTALLED: &str = "install ok installed";

/// Reads the text of a status file.
///
/// # Errors
/// [`Failure`] if it holds no stanza at all: a machine with dpkg has packages, so the file was cut off.
pub fn parse(status: &[u8]) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    let mut stanzas = 0;
    for (bytes, whole) in split_stanzas(status) {
        stanzas += 1;
        match (parse_stanza(bytes), whole) {
            (Err(why), _) => reading.skip(format_args!("stanza {stanzas}: {why}")),
            (_, false) => reading.skip(format_args!("stanza {stanzas}: the file ends inside it")),
            (Ok(None), true) => {}
            (Ok(Some(package)), true) => reading.facts.push(Fact::Software(package)),
        }
    }
    match stanzas {
        0 => Err(Failure("the dpkg status file is empty".into())),
        _ => Ok(reading),
    }
}

/// Stanzas are separated by blank lines; one without a final newline is not whole.
fn split_stanzas(status: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    let mut rest = status;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|&b| b != b'\n')?;
        rest = &rest[start..];
        let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 1);
        let (stanza, tail) = rest.split_at(end);
        rest = tail;
        Some((stanza, stanza.ends_with(b"\n")))
    })
}

fn parse_stanza(bytes: &[u8]) -> Result<Option<Software>, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(str::trim).filter(|value| !value.is_empty())
    };
    let name = field("Package").ok_or("no Package field")?;
    let need = |what: &str| field(what).ok_or_else(|| format!("{name} has no {what} field"));
    if need("Status")? != INSTALLED {
        return Ok(None);
    }
    let version = need("Version")?;
    let (source, source_version) = split_source(field("Source").unwrap_or(name), version);
    Ok(Some(Software {
        part: Part::Deb,
        name: name.into(),
        architecture: need("Architecture")?.into(),
        version: version.into(),
        source: source.into(),
        source_version: source_version.into(),
    }))
}

/// `NAME (VERSION)`, or `NAME` with the version of the package itself.
fn split_source<'a>(source: &'a str, version: &'a str) -> (&'a str, &'a str) {
    let Some((name, rest)) = source.split_once(" (") else {
        return (source, version);
    };
    (name, rest.trim_end_matches(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../samples/dpkg-status");

    fn names(reading: &Reading) -> Vec<String> {
        let name = |fact: &Fact| match fact {
            Fact::Software(software) => format!("{}:{}", software.name, software.architecture),
            other => panic!("not software: {other:?}"),
        };
        reading.facts.iter().map(name).collect()
    }

    #[test]
    fn only_installed_packages_count() {
        let reading = parse(SAMPLE).unwrap();
        assert_eq!(names(&reading), ["adduser:all", "libc6:amd64", "libgcc-s1:amd64", "libc6:i386"]);
        assert_eq!(reading.skipped, 0);
    }

    #[test]
    fn a_package_knows_its_source_and_that_ones_version() {
        let reading = parse(SAMPLE).unwrap();
        let expected = Software {
            part: Part::Deb,
            name: "libgcc-s1".into(),
            architecture: "amd64".into(),
            version: "12.2.0-14+deb12u1".into(),
            source: "gcc-12".into(),
            source_version: "12.2.0-14+deb12u1".into(),
        };
        assert_eq!(reading.facts[2], Fact::Software(expected));
        assert!(matches!(&reading.facts[0], Fact::Software(s) if s.source == "adduser" && s.source_version == "3.134"));
        assert_eq!(split_source("gcc-defaults (1.203)", "4:12.2.0-3"), ("gcc-defaults", "1.203"));
    }

    #[test]
    fn a_stanza_without_a_version_is_counted_and_the_others_stay() {
        let mut broken =
            b"Package: cut\nStatus: install ok installed\n\n\xff\xfe: bad\n\nDescription: nameless\n\n".to_vec();
        broken.extend_from_slice(SAMPLE);
        let reading = parse(&broken).unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (4, 3));
        assert_eq!(reading.first_skipped.as_deref(), Some("stanza 1: cut has no Version field"));
    }

    #[test]
    fn a_file_that_ends_inside_a_stanza_is_partial() {
        for cut in 1..SAMPLE.len() - 1 {
            let reading = parse(&SAMPLE[..cut]).unwrap();
            let whole_lines_only = SAMPLE[cut - 1] == b'\n';
            assert!(reading.skipped > 0 || whole_lines_only, "cut at {cut} went unnoticed");
        }
    }

    #[test]
    fn an_empty_file_is_a_failure_not_a_machine_without_packages() {
        assert!(parse(b"").is_err());
        assert!(parse(b"\n\n").is_err());
    }
}
