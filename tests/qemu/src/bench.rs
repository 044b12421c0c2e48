//! Board, cable and collector joined up: what most tests of the link start from.

use std::path::Path;

use serde_json::Value;

use crate::{
    board::{Board, DEVICE},
    collector::{Collector, Hears},
    eventually, firmware,
    flash::Flash,
    fleet::Fleet,
    in_time,
    tap::Tap,
    traffic::{self, Said},
};

/// A board that reports to a collector. Dropping it takes everything down.
pub struct Bench {
    /// The board, with its console.
    pub board: Board,
    /// The cable between them.
    pub tap: Tap,
    /// The collector.
    pub collector: Collector,
    hears: Hears,
}

impl Bench {
    /// A board as it leaves the factory and a blank collector that have met, and seal.
    ///
    /// # Panics
    /// If they do not come into step.
    pub fn set_up() -> Self {
        Self::set_up_that(Hears::SealedOnly)
    }

    /// As [`Bench::set_up`], of a firmware that was built plain and a collector without keys.
    ///
    /// # Panics
    /// If they do not come into step.
    pub fn set_up_plain() -> Self {
        Self::set_up_that(Hears::Plain)
    }

    fn set_up_that(hears: Hears) -> Self {
        let collector = Collector::start(hears);
        let board = Board::power_on_with(image(hears), &Flash::provisioned());
        let (board, tap) = join(board, &collector);
        let mut bench = Self { board, tap, collector, hears };
        bench.expect_same_state();
        bench
    }

    /// Takes the power away, wherever the processor is, and gives it back: a board with blank RAM and the same flash, on the same cable.
    pub fn cycle_power(&mut self) {
        self.board.power_off();
        let board = Board::power_on_with(image(self.hears), &self.board.flash);
        (self.board, self.tap) = join(board, &self.collector);
    }

    /// The messages in what passed from the board to the collector.
    ///
    /// # Panics
    /// If a frame is not a sound packet of the board.
    pub fn said(&self, up: &[u8]) -> Vec<Said> {
        match self.hears {
            Hears::SealedOnly => traffic::said(up, Some(Fleet::of_this_run().keys())),
            Hears::Plain => traffic::said(up, None),
        }
    }

    /// Waits until the collector holds exactly the board's own list, each value byte for byte, and returns it.
    ///
    /// # Panics
    /// If it never does.
    pub fn expect_same_state(&mut self) -> Vec<String> {
        let mut last = (Vec::new(), Vec::new());
        let same = in_time(|| {
            last = (self.board.console.state(), self.collector.state(DEVICE));
            (last.0 == last.1).then(|| last.0.clone())
        });
        same.unwrap_or_else(|| panic!("board and collector differ: {last:#?}"))
    }

    /// Types a line that must be accepted, and returns the lines that the collector's log of changes gains by it: at least one.
    ///
    /// # Panics
    /// If the line is refused, or no change arrives.
    pub fn change(&mut self, line: &str) -> Vec<Value> {
        let before = self.collector.log_end();
        self.board.console.order(line);
        eventually(line, || Some(self.collector.changes(before)).filter(|lines| !lines.is_empty()))
    }
}

fn image(hears: Hears) -> &'static Path {
    match hears {
        Hears::SealedOnly => firmware::mps2_an386(),
        Hears::Plain => firmware::mps2_an386_plain(),
    }
}

fn join(mut board: Board, collector: &Collector) -> (Board, Tap) {
    let tap = Tap::lay(board.take_link(), collector.address());
    (board, tap)
}
