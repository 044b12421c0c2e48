//! The console of the microcontroller: lines go in, answers come out, over a socket that QEMU connects to.
//!
//! It knows the shape of a conversation (a greeting `ready: …`, answers `ok …` and `error: …`, for `state` a list that
//! ends with `end N`), and no command but that one.

use super::children::wait_for;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const UP_WITHIN: Duration = Duration::from_secs(60);
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);
const GREETING: &[&str] = &["ready: "];
const ANSWER: &[&str] = &["ok ", "error: ", "end "];

/// An open console.
pub struct Console {
    lines: BufReader<TcpStream>,
}

/// A fact as the device itself lists it: kind, key and value in hexadecimal digits.
pub type Fact = (u8, String, String);

impl Console {
    /// Waits for QEMU to connect and for the firmware to greet.
    pub fn open(listener: &TcpListener) -> Result<Self> {
        listener.set_nonblocking(true)?;
        let (stream, _) = wait_for("console", UP_WITHIN, || match listener.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            accepted => Ok(Some(accepted?)),
        })?;
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
        let mut console = Self { lines: BufReader::new(stream) };
        console.hear(GREETING)?;
        Ok(console)
    }

    /// Types a line and returns its answer, of one line or more; after a reboot the firmware has greeted again.
    pub fn enter(&mut self, line: &str) -> Result<String> {
        self.type_line(line)?;
        let heard = self.hear(ANSWER)?;
        let echo = heard.iter().position(|said| said.ends_with(line)).map_or(0, |at| at + 1);
        if heard.last().is_some_and(|said| said == "ok rebooting") {
            self.hear(GREETING)?;
        }
        Ok(heard.get(echo..).unwrap_or_default().join("\n  "))
    }

    /// The facts that the device holds.
    pub fn state(&mut self) -> Result<BTreeSet<Fact>> {
        self.type_line("state")?;
        let answer = self.hear(ANSWER)?;
        let facts: BTreeSet<Fact> = answer.iter().filter_map(|line| fact(line)).collect();
        if answer.last() != Some(&format!("end {}", facts.len())) {
            bail!("the device's list is not whole:\n{}", answer.join("\n"));
        }
        Ok(facts)
    }

    fn type_line(&mut self, line: &str) -> Result<()> {
        write!(self.lines.get_mut(), "{line}\r").context("the console is closed")
    }

    /// All lines up to one that begins in one of these ways.
    fn hear(&mut self, ends: &[&str]) -> Result<Vec<String>> {
        let mut heard: Vec<String> = Vec::new();
        while !heard.last().is_some_and(|line| ends.iter().any(|end| line.starts_with(end))) {
            heard.push(self.line()?);
        }
        Ok(heard)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = Vec::new();
        match self.lines.read_until(b'\n', &mut line) {
            Ok(0) => bail!("the console was closed"),
            Ok(_) => Ok(String::from_utf8_lossy(&line).trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => bail!("the console does not answer"),
            Err(error) => Err(error).context("the console was closed"),
        }
    }
}

/// `KIND KEY VALUE`, a value of no bytes being `-`.
fn fact(line: &str) -> Option<Fact> {
    let mut words = line.split(' ');
    let (kind, key, value) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
    Some((kind, key.to_owned(), value.trim_start_matches('-').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// A far end that greets, and then answers with what a table says.
    fn far_end(answers: &'static [(&'static str, &'static str)]) -> TcpListener {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let mut stream = TcpStream::connect(address).expect("a listener");
            let typed = BufReader::new(stream.try_clone().expect("a clone")).split(b'\r');
            write!(stream, "\r\nready: power-on reset\r\n> ").expect("the caller listens");
            for line in typed.map_while(Result::ok) {
                let line = String::from_utf8(line).expect("text");
                let known = answers.iter().find(|(question, _)| *question == line);
                let answer = known.map_or("error: unknown", |(_, said)| said);
                write!(stream, "{line}\r\n{answer}\r\n> ").expect("the caller listens");
            }
        });
        listener
    }

    #[test]
    fn answers_and_the_state_are_read_past_echo_and_prompt() {
        let answers = &[("app remove x", "ok removed"), ("state", "1 02ff -\r\n6 00 0201\r\nend 2")];
        let mut console = Console::open(&far_end(answers)).expect("opens");
        assert_eq!(console.enter("app remove x").expect("answers"), "ok removed");
        assert_eq!(console.enter("state").expect("answers"), "1 02ff -\n  6 00 0201\n  end 2");
        assert_eq!(console.enter("fly").expect("answers"), "error: unknown");
        let facts = [(1, "02ff".to_owned(), String::new()), (6, "00".to_owned(), "0201".to_owned())];
        assert_eq!(console.state().expect("a list"), BTreeSet::from(facts));
    }

    #[test]
    fn a_reboot_ends_with_the_next_greeting() {
        let answers = &[("reboot", "ok rebooting\r\n\r\nready: commanded reset"), ("help", "ok help")];
        let mut console = Console::open(&far_end(answers)).expect("opens");
        assert_eq!(console.enter("reboot").expect("answers"), "ok rebooting");
        assert_eq!(console.enter("help").expect("answers"), "ok help");
    }

    #[test]
    fn a_list_that_is_not_whole_is_refused() {
        let answers = &[("state", "1 02ff -\r\nend 2")];
        assert!(Console::open(&far_end(answers)).expect("opens").state().is_err());
    }

    #[test]
    fn the_end_of_a_closed_console_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut far = TcpStream::connect(listener.local_addr().expect("an address")).expect("connects");
        far.write_all(b"ready: again\n").expect("sent");
        let mut console = Console::open(&listener).expect("opens");
        drop(far);
        assert!(console.enter("state").is_err());
    }
}
