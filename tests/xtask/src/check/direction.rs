//! Which room may depend on which, judged on local dependencies of every kind.
//!
//! Crates from a registry are not its business.

use super::House;
use anyhow::Result;
use std::path::Path;

/// A room, and the rooms that its packages may depend on.
const MAY: [(&str, &[&str]); 5] = [
    ("sdk/wire", &[]),
    ("sdk/agent", &["sdk/wire"]),
    ("sdk/collector", &["sdk/wire"]),
    ("bindings", &["sdk/agent", "sdk/wire"]),
    // What ports share lies beside them; one port never leans on another.
    ("examples", &["sdk/agent", "sdk/wire", "examples/port-kit"]),
];

/// Each local dependency that points the wrong way.
pub fn faults(house: &House) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for package in &house.packages {
        let from = relative(house, package.folder());
        for dependency in &package.dependencies {
            let Some(to) = dependency.path.as_deref().map(|path| relative(house, path)) else {
                continue;
            };
            if !allowed(from, to) {
                faults.push(format!(
                    "{} ({}) depends on {} ({})",
                    package.name,
                    from.display(),
                    dependency.name,
                    to.display()
                ));
            }
        }
    }
    Ok(faults)
}

fn relative<'a>(house: &House, path: &'a Path) -> &'a Path {
    path.strip_prefix(&house.root).unwrap_or(path)
}

fn allowed(from: &Path, to: &Path) -> bool {
    if from.starts_with("tests") || from == to {
        return true; // a package may test itself with other features
    }
    let rooms = MAY.iter().find(|(room, _)| from.starts_with(room)).map(|(_, rooms)| *rooms);
    rooms.unwrap_or_default().iter().any(|room| to.starts_with(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_one_way() {
        let may = |from: &str, to: &str| allowed(Path::new(from), Path::new(to));
        assert!(may("sdk/agent", "sdk/wire"));
        assert!(may("examples/mps2-an386", "sdk/agent"));
        assert!(may("examples/microbit", "examples/port-kit"));
        assert!(!may("examples/microbit", "examples/mps2-an386"));
        assert!(!may("sdk/agent", "examples/port-kit"));
        assert!(may("tests/host", "sdk/collector"));
        assert!(!may("sdk/wire", "sdk/agent"));
        assert!(!may("sdk/agent", "sdk/collector"));
        assert!(!may("sdk/collector", "sdk/agent"));
        assert!(!may("sdk/agent", "tests/sim"));
        assert!(!may("bindings/c", "examples/template"));
        assert!(!may("somewhere/else", "sdk/wire"));
    }
}
