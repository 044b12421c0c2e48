//! The console of the microcontroller: lines go in, answers come out, over the socket that QEMU keeps for it.
//!
//! It knows the shape of an answer (`ok …`, `error: …`, and for `state` a list that ends with `end N`), no command.

use super::children::wait_for;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;

const UP_WITHIN: Duration = Duration::from_secs(60);
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
/// How long to listen before asking anew, while the firmware starts.
const PATIENCE: Duration = Duration::from_secs(1);

/// An open console.
pub struct Console {
    lines: BufReader<TcpStream>,
}

/// A fact as the device itself lists it: kind, key and value in hexadecimal digits.
pub type Fact = (u8, String, String);

impl Console {
    /// Connects, and waits until the firmware answers.
    pub fn open(port: u16) -> Result<Self> {
        let stream = wait_for("console", UP_WITHIN, || Ok(TcpStream::connect(("127.0.0.1", port)).ok()))?;
        let mut console = Self { lines: BufReader::new(stream) };
        console.wait_for_firmware()?;
        Ok(console)
    }

    /// Types a line and returns its answer.
    pub fn enter(&mut self, line: &str) -> Result<String> {
        self.type_line(line)?;
        let answer = self.answer(ANSWERS_WITHIN)?.pop().unwrap_or_default();
        if answer == "ok rebooting" {
            self.wait_for_firmware()?;
        }
        Ok(answer)
    }

    /// The facts that the device holds.
    pub fn state(&mut self) -> Result<BTreeSet<Fact>> {
        self.type_line("state")?;
        let answer = self.answer(ANSWERS_WITHIN)?;
        let facts: BTreeSet<Fact> = answer.iter().filter_map(|line| fact(line)).collect();
        if answer.last() != Some(&format!("end {}", facts.len())) {
            bail!("the device's list is not whole:\n{}", answer.join("\n"));
        }
        Ok(facts)
    }

    /// Asks for help until somebody answers, then lets late answers pass.
    fn wait_for_firmware(&mut self) -> Result<()> {
        wait_for("answer on the console", UP_WITHIN, || {
            self.type_line("help")?;
            Ok(self.answer(PATIENCE).ok())
        })?;
        while self.answer(PATIENCE).is_ok() {}
        Ok(())
    }

    fn type_line(&mut self, line: &str) -> Result<()> {
        write!(self.lines.get_mut(), "{line}\r").context("the console is closed")
    }

    /// All lines up to the one that ends an answer.
    fn answer(&mut self, limit: Duration) -> Result<Vec<String>> {
        self.lines.get_mut().set_read_timeout(Some(limit))?;
        let mut heard: Vec<String> = Vec::new();
        while !heard.last().is_some_and(|line| ends_answer(line)) {
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

fn ends_answer(line: &str) -> bool {
    ["ok ", "error: ", "end "].iter().any(|mark| line.starts_with(mark))
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
    use std::io::Read;
    use std::net::TcpListener;
    use std::thread;

    /// A far end that is deaf to the first line, as firmware that starts, and then answers with what a table says.
    fn far_end(answers: &'static [(&'static str, &'static str)]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a caller");
            let mut typed = BufReader::new(stream.try_clone().expect("a clone")).split(b'\r');
            typed.next();
            for line in typed.map_while(Result::ok) {
                let line = String::from_utf8(line).expect("text");
                let answer =
                    answers.iter().find(|(question, _)| *question == line).map_or("error: unknown", |(_, said)| said);
                write!(&stream, "{line}\r\n{answer}\r\n> ").expect("the caller listens");
            }
        });
        port
    }

    #[test]
    fn answers_and_the_state_are_read_past_echo_and_prompt() {
        let answers =
            &[("help", "ok all"), ("app remove x", "ok removed"), ("state", "1 02ff -\r\n6 00 0201\r\nend 2")];
        let mut console = Console::open(far_end(answers)).expect("opens");
        assert_eq!(console.enter("app remove x").expect("answers"), "ok removed");
        assert_eq!(console.enter("fly").expect("answers"), "error: unknown");
        let facts = [(1, "02ff".to_owned(), String::new()), (6, "00".to_owned(), "0201".to_owned())];
        assert_eq!(console.state().expect("a list"), BTreeSet::from(facts));
    }

    #[test]
    fn a_list_that_is_not_whole_is_refused() {
        let answers = &[("help", "ok all"), ("state", "1 02ff -\r\nend 2")];
        assert!(Console::open(far_end(answers)).expect("opens").state().is_err());
    }

    #[test]
    fn the_end_of_a_closed_console_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let stream = TcpStream::connect(listener.local_addr().expect("an address")).expect("connects");
        let (mut far, _) = listener.accept().expect("a caller");
        let mut console = Console { lines: BufReader::new(stream) };
        console.type_line("state").expect("sent");
        assert_eq!(far.read(&mut [0; 16]).expect("received"), "state\r".len());
        drop(far);
        assert!(console.answer(UP_WITHIN).is_err());
    }
}
