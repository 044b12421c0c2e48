//! Chosen kernel settings, from `/proc/sys`.
//!
//! Promise: every chosen name yields a fact; one that this kernel lacks is told as unsupported. Not here: what value would be right.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fact::{Fact, Kind, Setting, SettingValue};
use crate::source::{Failure, Reading, Source, Watch};

/// How often the settings are read: the kernel announces no change.
pub const POLL: Duration = Duration::from_secs(1);

/// Longest name: it must fit the key of a fact.
pub const MAX_NAME_BYTES: usize = 58;

/// What is reported if nothing is chosen: settings that hardening guides ask for.
pub const DEFAULTS: [&str; 10] = [
    "fs.suid_dumpable",
    "kernel.dmesg_restrict",
    "kernel.kptr_restrict",
    "kernel.modules_disabled",
    "kernel.randomize_va_space",
    "kernel.unprivileged_bpf_disabled",
    "net.ipv4.conf.all.rp_filter",
    "net.ipv4.ip_forward",
    "net.ipv4.tcp_syncookies",
    "net.ipv6.conf.all.forwarding",
];

/// Settings of the running kernel.
pub struct SysctlSource {
    /// `/proc/sys`.
    pub base: PathBuf,
    /// Names that [`check_name`] accepts.
    pub names: Vec<String>,
}

impl Source for SysctlSource {
    fn kind(&self) -> Kind {
        Kind::Setting
    }

    fn watch(&self) -> Watch {
        Watch::Every(POLL)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        if !self.base.is_dir() {
            return Err(Failure(format!("{} is not there", self.base.display())));
        }
        let fact = |name: &String| Fact::Setting(Setting { name: name.clone(), value: read_value(&self.base, name) });
        Ok(Reading { facts: self.names.iter().map(fact).collect(), ..Reading::default() })
    }
}

/// Accepts a name such as `net.ipv4.ip_forward`, or `net/ipv4/conf/eth0.7/rp_filter` where a part contains dots.
///
/// # Errors
/// A sentence that says what is wrong with the name.
pub fn check_name(name: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    match name {
        "" => Err("a setting needs a name".into()),
        _ if name.len() > MAX_NAME_BYTES => Err(format!("a setting's name has at most {MAX_NAME_BYTES} bytes")),
        _ if !name.chars().all(allowed) => Err("a setting's name is of letters, digits and ._-/".into()),
        _ if name.contains("..") || name.starts_with(['/', '.']) => Err("a setting's name has no empty part".into()),
        _ => Ok(name.into()),
    }
}

fn read_value(base: &Path, name: &str) -> SettingValue {
    let relative = if name.contains('/') { name.to_string() } else { name.replace('.', "/") };
    match std::fs::read(base.join(relative)) {
        Ok(bytes) => parse(&bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => SettingValue::Unsupported,
        Err(_) => SettingValue::Unknown,
    }
}

/// A number if it is one, else the text without its final newline.
#[must_use]
pub fn parse(bytes: &[u8]) -> SettingValue {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    text.parse().map_or_else(|_| SettingValue::Text(text.into()), SettingValue::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_told_apart() {
        assert_eq!(parse(b"1\n"), SettingValue::Int(1));
        assert_eq!(parse(b"-1\n"), SettingValue::Int(-1));
        assert_eq!(parse(b"32768\t60999\n"), SettingValue::Text("32768\t60999".into()));
        assert_eq!(parse(b"\n"), SettingValue::Text(String::new()));
    }

    #[test]
    fn the_running_kernel_answers() {
        let names = ["kernel.ostype", "kernel/pid_max", "kernel.no_such_thing"].map(String::from).to_vec();
        let facts = SysctlSource { base: "/proc/sys".into(), names }.read().unwrap().facts;
        let values: Vec<_> =
            facts.into_iter().map(|fact| if let Fact::Setting(s) = fact { s.value } else { panic!() }).collect();
        assert_eq!(values[0], SettingValue::Text("Linux".into()));
        assert!(matches!(values[1], SettingValue::Int(1..)));
        assert_eq!(values[2], SettingValue::Unsupported);
    }

    #[test]
    fn without_proc_nothing_is_said() {
        assert!(SysctlSource { base: "/no/such/place".into(), names: vec![] }.read().is_err());
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        for name in ["", "../../etc/passwd", "net..x", "/etc/passwd", "a b", ".x", &"x".repeat(MAX_NAME_BYTES + 1)] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in DEFAULTS {
            assert_eq!(check_name(name).as_deref(), Ok(name));
        }
    }
}
