//! Who may use the machine: `passwd`, `group`, and what `shadow` tells when it can be read.
//!
//! Promise: one fact an account, with all groups it is in; no hash ever leaves this file. Not here: accounts of a directory service
//! (the `+` and `-` lines of NIS are skipped), and sudoers rules, which are no group.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::fact::{Account, Fact, Kind, Password};
use crate::source::{Failure, Reading, Root, Source, Watch, read_file};

/// Members of these groups may become root by the rules that distributions ship.
pub const ADMINISTRATOR_GROUPS: [&str; 4] = ["root", "sudo", "wheel", "admin"];

/// Shells that let nobody in.
const NO_LOGIN_SHELLS: [&str; 4] = ["nologin", "false", "sync", "halt"];

/// Uids below this, and the two of `nobody`, belong to services (`man 5 login.defs`).
const FIRST_PERSON_UID: u32 = 1000;
const NOBODY_UIDS: [u32; 2] = [65_534, u32::MAX];

const FILES: [&str; 3] = ["/etc/passwd", "/etc/group", "/etc/shadow"];

/// Accounts of the files under a root.
pub struct AccountSource {
    /// Where the files are looked up.
    pub root: Root,
}

impl Source for AccountSource {
    fn kind(&self) -> Kind {
        Kind::Account
    }

    fn watch(&self) -> Watch {
        Watch::Files(FILES.map(|path| self.root.at(path)).to_vec())
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let [passwd, group, shadow] = FILES.map(|path| read_file(&self.root.at(path)));
        parse(&passwd?, &group?, shadow.ok().as_deref(), days_since_1970())
    }
}

fn days_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs() / 86_400).unwrap_or(i64::MAX)
}

/// Joins the texts of the three files; `today` is counted in days since 1970, as the shadow file does.
///
/// # Errors
/// [`Failure`] if no account is left: every Linux machine has at least root.
pub fn parse(passwd: &[u8], group: &[u8], shadow: Option<&[u8]>, today: i64) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    let groups = Groups::parse(group, &mut reading);
    let secrets = shadow.map(|text| parse_shadow(text, &mut reading)).unwrap_or_default();
    for (number, line) in lines(passwd) {
        let account = account_line(&line).map(|(account, gid)| {
            let secret = secrets.get(&account.name).cloned().unwrap_or_default();
            Fact::Account(finish(account, &groups, gid, &secret, today))
        });
        reading.take(account.map_err(|why| format!("passwd line {number}: {why}")));
    }
    match reading.facts.is_empty() {
        true => Err(Failure("the passwd file holds no account".into())),
        false => Ok(reading),
    }
}

/// Numbered lines that are neither blank, comments, nor references to NIS.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, std::borrow::Cow<'_, str>)> {
    let line = |(at, line)| (at + 1, String::from_utf8_lossy(line));
    bytes
        .split(|&b| b == b'\n')
        .enumerate()
        .map(line)
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with(['#', '+', '-']))
}

/// An account with what `passwd` alone tells, and its primary group.
fn account_line(line: &str) -> Result<(Account, u32), String> {
    let fields: Vec<&str> = line.split(':').collect();
    let &[name, password, uid, gid, _comment, _home, shell] = fields.as_slice() else {
        return Err(format!("{} fields instead of 7", fields.len()));
    };
    if name.is_empty() || name.contains(char::REPLACEMENT_CHARACTER) {
        return Err("no valid name".into());
    }
    let number = |what, text: &str| text.parse::<u32>().map_err(|_| format!("{what} {text:?} is no number"));
    let uid = number("uid", uid)?;
    let account = Account {
        name: name.into(),
        uid,
        administrator: uid == 0,
        login: !NO_LOGIN_SHELLS.contains(&shell.rsplit('/').next().unwrap_or_default()),
        service: (uid != 0 && uid < FIRST_PERSON_UID) || NOBODY_UIDS.contains(&uid),
        password: password_state(password),
        expired: false,
        groups: Vec::new(),
        shell: if shell.is_empty() { "/bin/sh".into() } else { shell.into() },
    };
    Ok((account, number("gid", gid)?))
}

/// Adds what the other two files know of the account.
fn finish(mut account: Account, groups: &Groups, gid: u32, secret: &Secret, today: i64) -> Account {
    account.groups = groups.of(&account.name, gid);
    account.administrator |= account.groups.iter().any(|group| ADMINISTRATOR_GROUPS.contains(&group.as_str()));
    account.password = secret.password.unwrap_or(account.password);
    account.expired = secret.expires.is_some_and(|day| day <= today);
    account
}

/// `x` in `passwd` means that the shadow file knows.
fn password_state(field: &str) -> Password {
    match field {
        "x" => Password::Unknown,
        "" => Password::Empty,
        _ if field.starts_with("!$") || field.starts_with("!_") => Password::Locked,
        _ if field.starts_with(['*', '!']) => Password::None,
        _ => Password::Set,
    }
}

/// What the shadow file tells of one account.
#[derive(Clone, Default)]
struct Secret {
    password: Option<Password>,
    expires: Option<i64>,
}

fn parse_shadow(text: &[u8], reading: &mut Reading) -> BTreeMap<String, Secret> {
    let mut secrets = BTreeMap::new();
    for (number, line) in lines(text) {
        let fields: Vec<&str> = line.split(':').collect();
        let &[name, password, .., expires, _reserved] = fields.as_slice() else {
            reading.skip(format_args!("shadow line {number}: {} fields instead of 9", fields.len()));
            continue;
        };
        let secret = Secret { password: Some(password_state(password)), expires: expires.parse().ok() };
        secrets.insert(name.to_string(), secret);
    }
    secrets
}

/// Both ways to be in a group: as its member, or by the primary group of the account.
#[derive(Default)]
struct Groups {
    names: BTreeMap<u32, String>,
    members: BTreeMap<String, BTreeSet<String>>,
}

impl Groups {
    fn parse(text: &[u8], reading: &mut Reading) -> Groups {
        let mut groups = Groups::default();
        for (number, line) in lines(text) {
            if let Err(why) = groups.add_line(&line) {
                reading.skip(format_args!("group line {number}: {why}"));
            }
        }
        groups
    }

    fn add_line(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split(':').collect();
        let &[name, _password, gid, members] = fields.as_slice() else {
            return Err(format!("{} fields instead of 4", fields.len()));
        };
        let gid = gid.parse().map_err(|_| format!("gid {gid:?} is no number"))?;
        self.names.entry(gid).or_insert_with(|| name.into());
        for member in members.split(',').filter(|member| !member.is_empty()) {
            self.members.entry(member.into()).or_default().insert(name.into());
        }
        Ok(())
    }

    fn of(&self, account: &str, primary: u32) -> Vec<String> {
        let mut all = self.members.get(account).cloned().unwrap_or_default();
        all.insert(self.names.get(&primary).cloned().unwrap_or_else(|| primary.to_string()));
        all.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &[u8] = include_bytes!("../../samples/passwd");
    const GROUP: &[u8] = include_bytes!("../../samples/group");
    const SHADOW: &[u8] = include_bytes!("../../samples/shadow");
    const TODAY: i64 = 20_000;

    fn accounts(reading: &Reading) -> BTreeMap<String, Account> {
        let pair = |fact: &Fact| match fact {
            Fact::Account(account) => (account.name.clone(), account.clone()),
            other => panic!("not an account: {other:?}"),
        };
        reading.facts.iter().map(pair).collect()
    }

    fn sample() -> BTreeMap<String, Account> {
        let reading = parse(PASSWD, GROUP, Some(SHADOW), TODAY).unwrap();
        assert_eq!(reading.skipped, 0, "{:?}", reading.first_skipped);
        accounts(&reading)
    }

    #[test]
    fn roles_come_from_uid_groups_and_shell() {
        let all = sample();
        let roles = |name: &str| (all[name].administrator, all[name].login, all[name].service);
        assert_eq!(roles("root"), (true, true, false));
        assert_eq!(roles("toor"), (true, true, false));
        assert_eq!(roles("ada"), (true, true, false));
        assert_eq!(roles("grace"), (false, true, false));
        assert_eq!(roles("daemon"), (false, false, true));
        assert_eq!(roles("nobody"), (false, false, true));
    }

    #[test]
    fn groups_are_those_of_both_files() {
        let all = sample();
        assert_eq!(all["ada"].groups, ["ada", "dialout", "sudo"]);
        assert_eq!(all["grace"].groups, ["users"]);
        assert_eq!(all["orphan"].groups, ["4242"]);
    }

    #[test]
    fn the_password_is_told_apart() {
        let all = sample();
        assert_eq!(all["root"].password, Password::Set);
        assert_eq!(all["daemon"].password, Password::None);
        assert_eq!(all["ada"].password, Password::Set);
        assert_eq!(all["grace"].password, Password::Locked);
        assert_eq!(all["guest"].password, Password::Empty);
        assert_eq!(all["orphan"].password, Password::None);
        assert!(all["guest"].expired && !all["ada"].expired);
    }

    #[test]
    fn without_the_shadow_file_the_password_is_unknown() {
        let reading = parse(PASSWD, GROUP, None, TODAY).unwrap();
        let all = accounts(&reading);
        assert_eq!((all["ada"].password, all["ada"].expired), (Password::Unknown, false));
        assert_eq!(reading.skipped, 0);
    }

    #[test]
    fn broken_lines_are_counted_and_the_others_stay() {
        let reading = parse(
            b"root:x:0:0::/root:/bin/bash\nhalf:x:1\nbad:x:one:1::/:\n+@admins\n# no\n\n",
            b"root:x:0",
            None,
            TODAY,
        )
        .unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (1, 3));
        assert_eq!(reading.first_skipped.as_deref(), Some("group line 1: 3 fields instead of 4"));
    }

    #[test]
    fn a_file_without_accounts_is_a_failure() {
        assert!(parse(b"", GROUP, None, TODAY).is_err());
        assert!(parse(b"garbage\n", GROUP, None, TODAY).is_err());
    }
}
