//! QEMU's own debug stub, enough of its protocol to damage memory and to reset the board as a reset pin would.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
};

use crate::PATIENCE;

/// A stopped processor. It runs on when this is dropped.
pub struct Debugger(UnixStream);

impl Debugger {
    /// Connects, which stops the processor.
    ///
    /// # Panics
    /// If the stub does not answer.
    pub fn attach(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("QEMU listens for debuggers");
        stream.set_read_timeout(Some(PATIENCE)).expect("a positive time-out is valid");
        let mut debugger = Self(stream);
        debugger.ask("qAttached");
        debugger
    }

    /// Reads one byte of memory.
    ///
    /// # Panics
    /// If the address is not mapped.
    pub fn peek(&mut self, address: u64) -> u8 {
        let answer = self.ask(&format!("m{address:x},1"));
        u8::from_str_radix(&answer, 16).unwrap_or_else(|_| panic!("cannot read {address:#x}: {answer}"))
    }

    /// Writes one byte of memory.
    ///
    /// # Panics
    /// If the address is not mapped.
    pub fn poke(&mut self, address: u64, byte: u8) {
        assert_eq!(self.ask(&format!("M{address:x},1:{byte:02x}")), "OK");
    }

    /// Makes the processor go on at an address.
    ///
    /// # Panics
    /// If the stub refuses.
    pub fn jump_to(&mut self, address: u32) {
        const PC: u8 = 15;
        // The stub writes single registers only for who has asked what registers there are.
        self.ask("qXfer:features:read:target.xml:0,400");
        let little_endian: String = address.to_le_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(self.ask(&format!("P{PC:x}={little_endian}")), "OK");
    }

    /// Resets the machine; RAM keeps its bytes, and the firmware is not asked.
    ///
    /// # Panics
    /// If QEMU refuses.
    pub fn press_reset(&mut self) {
        let command: String = "system_reset".bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(self.ask(&format!("qRcmd,{command}")), "OK");
    }

    /// Lets the processor run until it is about to execute this instruction; where it stands now does not count.
    ///
    /// # Panics
    /// If it does not get there.
    pub fn run_to(&mut self, address: u64) {
        // The lowest bit of a function's address says that it is Thumb code.
        let place = format!("0,{:x},2", address & !1);
        self.go("s");
        assert_eq!(self.ask(&format!("Z{place}")), "OK");
        self.go("c");
        assert_eq!(self.ask(&format!("z{place}")), "OK");
    }

    /// Lets the processor go on, and waits until the stub tells that it stopped.
    fn go(&mut self, how: &str) {
        self.say(how);
        while !self.hear().starts_with('T') {}
    }

    fn say(&mut self, words: &str) {
        let sum = words.bytes().fold(0_u8, u8::wrapping_add);
        self.0.write_all(format!("${words}#{sum:02x}").as_bytes()).expect("the stub listens");
    }

    fn ask(&mut self, question: &str) -> String {
        self.say(question);
        loop {
            let answer = self.hear();
            // The stub also tells by itself that the processor stopped.
            if !answer.starts_with('T') {
                return answer;
            }
        }
    }

    /// One packet, `$text#xx`, without what stands around its text.
    fn hear(&mut self) -> String {
        let mut heard = String::new();
        while heard.find('#').is_none_or(|hash| heard.len() < hash + 3) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("the stub answers");
            heard.push(byte[0].into());
        }
        self.0.write_all(b"+").expect("the stub listens");
        let text = heard.split_once('$').expect("a packet begins with $").1;
        text.split('#').next().unwrap_or_default().to_owned()
    }
}

impl Drop for Debugger {
    fn drop(&mut self) {
        // Detach; if the stub is gone the board is too.
        let _ = self.0.write_all(b"$D#44");
    }
}
