//! Aligned columns for people, on standard output.

use std::io::{self, Write};

use tidings_collector::terminal::visible;

/// Between two columns.
const GAP: usize = 2;

/// Prints rows under a heading, each column as wide as its widest cell.
///
/// # Errors
/// What standard output reports.
pub fn print<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> io::Result<()> {
    let shown: Vec<[String; N]> =
        rows.iter().map(|row| row.each_ref().map(|cell| visible(cell).into_owned())).collect();
    let mut widths = heading.map(width);
    for row in &shown {
        widths.iter_mut().zip(row).for_each(|(widest, cell)| *widest = width(cell).max(*widest));
    }
    let mut out = io::stdout().lock();
    put_row(&mut out, heading, &widths)?;
    shown.iter().try_for_each(|row| put_row(&mut out, row.each_ref().map(String::as_str), &widths))
}

fn put_row<const N: usize>(out: &mut impl Write, row: [&str; N], widths: &[usize; N]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, widest) in row.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', widest + GAP - width(cell)));
    }
    writeln!(out, "{}", line.trim_end())
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}
