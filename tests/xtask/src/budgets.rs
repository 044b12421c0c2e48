//! The limits of `tests/size/budgets.toml`, and how a measured number stands to them.
//!
//! The numbers are written there and nowhere else.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Firmware images, in the order of the table.
    #[serde(rename = "image")]
    pub images: Vec<Image>,
    /// The same images in C, through the archive of their core, in the order of the table.
    #[serde(rename = "border")]
    pub borders: Vec<Border>,
    /// What other code takes for a part of the job, for comparison.
    #[serde(rename = "reference")]
    pub references: Vec<Reference>,
    /// Calls whose instructions are counted, in the order of the table.
    #[serde(rename = "call")]
    pub calls: Vec<Call>,
    /// Messages on the wire, in the order of the table.
    #[serde(rename = "message")]
    pub messages: Vec<Message>,
}

/// An image that calls the engine from C, beside the one that does the same in Rust.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Border {
    /// The file of that name in `tests/size/c`.
    pub name: String,
    /// What is in it, for the table.
    pub what: String,
    /// The image in Rust.
    pub beside: String,
    /// The image must hold no trace of the panic machinery.
    #[serde(default)]
    pub panic_free: bool,
    /// Flash above that image, by target.
    pub flash: BTreeMap<String, Budget>,
    /// Static memory above that image, the same on every target.
    pub ram: Option<Budget>,
    /// Stack of the worst call under its suite, the same on every target.
    pub stack: Option<Budget>,
}

/// A program in C that is measured beside the images.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The file of that name in `tests/size/c`.
    pub name: String,
    /// What is in it, for the table.
    pub what: String,
}

/// One measured call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// What the image prints.
    pub name: String,
    /// What is done in it, for the table.
    pub what: String,
    /// Instructions by target.
    pub instructions: BTreeMap<String, Budget>,
}

/// One measured message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Which one.
    pub name: String,
    /// What it is, for the table.
    pub what: String,
    /// Its length under the plain suite.
    pub plain: Budget,
    /// Its length under a sealed suite.
    pub sealed: Budget,
}

/// One measured firmware image.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The binary of that name in `tests/size`.
    pub name: String,
    /// The binary that makes the same calls of nothing: its flash is not counted.
    pub application: String,
    /// What is in it, for the table.
    pub what: String,
    /// The image must hold no trace of the panic machinery.
    #[serde(default)]
    pub panic_free: bool,
    /// Flash by target.
    pub flash: BTreeMap<String, Budget>,
    /// Static memory, the same on every target.
    pub ram: Option<Budget>,
    /// Stack of the worst call under its suite, the same on every target.
    pub stack: Option<Budget>,
}

/// What one number may be, in bytes or instructions.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// What we aim for.
    pub goal: u64,
    /// More than this fails.
    pub limit: u64,
}

impl Budget {
    /// The same above a number.
    pub fn above(self, number: u64) -> Self {
        Self { goal: number + self.goal, limit: number + self.limit }
    }

    /// A word for the table: within the goal, within the limit, or too big.
    pub fn verdict(self, number: u64) -> &'static str {
        match number {
            _ if number > self.limit => "TOO BIG",
            _ if number > self.goal => "ok",
            _ => "goal met",
        }
    }
}

impl Budgets {
    /// Images with a budget of stack: those in Rust, then those from C.
    pub fn stacks(&self) -> impl Iterator<Item = (&str, Budget)> {
        let rust = self.images.iter().map(|image| (image.name.as_str(), image.stack));
        let c = self.borders.iter().map(|border| (border.name.as_str(), border.stack));
        rust.chain(c).filter_map(|(name, stack)| Some((name, stack?)))
    }
}

/// Reads the budgets of this repository.
pub fn read(root: &Path) -> Result<Budgets> {
    let path = root.join("tests/size/budgets.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_at_its_limit_passes_and_one_more_fails() {
        let budget = Budget { goal: 10, limit: 20 };
        assert_eq!([10, 11, 20, 21].map(|bytes| budget.verdict(bytes)), ["goal met", "ok", "ok", "TOO BIG"]);
    }

    #[test]
    fn the_budgets_of_this_repository_can_be_read() {
        let budgets = read(&crate::house::root()).expect("budgets");
        let above = budgets.borders.iter().flat_map(|border| border.flash.values());
        let mut all = budgets.images.iter().flat_map(|image| image.flash.values()).chain(above);
        assert!(all.all(|budget| budget.goal <= budget.limit));
    }
}
