//! Board, cable and collector joined up: what most tests of the link start from.

use serde_json::Value;

use crate::{
    board::{Board, DEVICE},
    collector::Collector,
    eventually, firmware, in_time,
    tap::Tap,
};

/// A board that reports to a collector. Dropping it takes everything down.
pub struct Bench {
    /// The board, with its console.
    pub board: Board,
    /// The cable between them.
    pub tap: Tap,
    /// The collector.
    pub collector: Collector,
}

impl Bench {
    /// A blank board and a blank collector that have met.
    ///
    /// # Panics
    /// If they do not come into step.
    pub fn set_up() -> Self {
        let collector = Collector::start();
        let (board, tap) = connect(&collector);
        let mut bench = Self { board, tap, collector };
        bench.expect_same_state();
        bench
    }

    /// Takes the power away and gives it back: a blank board of the same id, on the same cable.
    pub fn cycle_power(&mut self) {
        (self.board, self.tap) = connect(&self.collector);
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

fn connect(collector: &Collector) -> (Board, Tap) {
    let mut board = Board::power_on(firmware::mps2_an386());
    let tap = Tap::lay(board.take_link(), collector.address());
    (board, tap)
}
