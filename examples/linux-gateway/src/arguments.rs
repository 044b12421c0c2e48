//! `--config FILE`: options from a file, put in its place on the command line.
//!
//! Promise: a line `NAME = VALUE` is the option `--NAME VALUE`; blank lines and those that begin with `#` are skipped. Not here: any
//! quoting, and files that name further files.

use std::ffi::OsString;
use std::path::Path;

/// The option whose value is a file of options.
const OPTION: &str = "--config";

/// The arguments with every `--config FILE` replaced by what the file says.
///
/// # Errors
/// A sentence that names the file, and the line if one is wrong.
pub fn expand(arguments: impl IntoIterator<Item = OsString>) -> Result<Vec<OsString>, String> {
    let mut expanded = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let joined =
            argument.to_str().and_then(|text| text.strip_prefix(OPTION)?.strip_prefix('=').map(OsString::from));
        let file = if argument == OPTION { arguments.next() } else { joined };
        match file {
            Some(file) => expanded.extend(read(Path::new(&file))?),
            None => expanded.push(argument),
        }
    }
    Ok(expanded)
}

fn read(file: &Path) -> Result<Vec<OsString>, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    parse(&text).map_err(|line| format!("{}: line {line} is not NAME = VALUE", file.display()))
}

/// The options, or the number of the first line that is none.
fn parse(text: &str) -> Result<Vec<OsString>, usize> {
    let mut options = Vec::new();
    for (at, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=').ok_or(at + 1)?;
        if name.trim().is_empty() || name.trim() == OPTION.trim_start_matches('-') {
            return Err(at + 1);
        }
        options.extend([format!("--{}", name.trim()).into(), value.trim().into()]);
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_file_stands_for_the_options_in_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "# the shop floor\nid = gw-1\n\ncollector=tcp:host:7000\n").unwrap();
        let path = file.path().display();
        for given in [format!("gw run --config {path} --off health"), format!("gw run --config={path} --off health")] {
            let expected = words("gw run --id gw-1 --collector tcp:host:7000 --off health");
            assert_eq!(expand(words(&given)), Ok(expected));
        }
    }

    #[test]
    fn a_line_that_is_no_option_is_named() {
        for (text, line) in [("id", 1), ("id = a\n= b", 2), ("\n\nconfig = other", 3)] {
            assert_eq!(parse(text), Err(line), "{text:?}");
        }
        assert!(expand(words("gw --config /no/such/file")).unwrap_err().starts_with("/no/such/file: "));
    }

    #[test]
    fn an_option_without_its_file_is_left_to_the_command_line() {
        assert_eq!(expand(words("gw run --config")), Ok(words("gw run --config")));
    }
}
