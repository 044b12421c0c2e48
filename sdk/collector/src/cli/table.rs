//! Aligned columns for people, on standard output.

use std::io::{self, Write};

use tidings_collector::terminal::{Colour, Paint, visible};

/// Between two columns.
const GAP: usize = 2;

/// Prints rows under a heading, each column as wide as its widest cell; at a terminal the heading is grey, and cells are as `colour` says.
///
/// # Errors
/// What standard output reports.
pub fn print<const N: usize>(
    heading: [&str; N],
    rows: &[[String; N]],
    colour: impl Fn(&str) -> Colour,
) -> io::Result<()> {
    put(&mut io::stdout().lock(), Paint::of_stdout(), heading, rows, colour)
}

fn put<const N: usize>(
    out: &mut impl Write,
    paint: Paint,
    heading: [&str; N],
    rows: &[[String; N]],
    colour: impl Fn(&str) -> Colour,
) -> io::Result<()> {
    let shown: Vec<[String; N]> =
        rows.iter().map(|row| row.each_ref().map(|cell| visible(cell).into_owned())).collect();
    let mut widths = heading.map(width);
    for row in &shown {
        widths.iter_mut().zip(row).for_each(|(widest, cell)| *widest = width(cell).max(*widest));
    }
    put_row(out, heading, &widths, |cell| paint.paint(Colour::Grey, cell))?;
    let painted = |cell: &str| paint.paint(colour(cell), cell);
    shown.iter().try_for_each(|row| put_row(out, row.each_ref().map(String::as_str), &widths, painted))
}

fn put_row<const N: usize>(
    out: &mut impl Write,
    row: [&str; N],
    widths: &[usize; N],
    painted: impl Fn(&str) -> String,
) -> io::Result<()> {
    let mut line = String::new();
    for (cell, widest) in row.iter().zip(widths) {
        line.push_str(&painted(cell));
        line.extend(std::iter::repeat_n(' ', widest + GAP - width(cell)));
    }
    writeln!(out, "{}", line.trim_end())
}

/// No cell stands out.
pub fn uncoloured(_cell: &str) -> Colour {
    Colour::Normal
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(paint: Paint) -> String {
        let rows = [["pump".to_owned(), "revoked".to_owned()], ["a".to_owned(), "valid".to_owned()]];
        let colour = |cell: &str| if cell == "revoked" { Colour::Red } else { Colour::Normal };
        let mut out = Vec::new();
        put(&mut out, paint, ["ID", "STATE"], &rows, colour).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_are_aligned_and_a_pipe_gets_no_colour() {
        assert_eq!(printed(Paint::Plain), "ID    STATE\npump  revoked\na     valid\n");
    }

    #[test]
    fn colour_takes_no_room() {
        let text = printed(Paint::Coloured);
        assert!(text.contains("pump  \x1b[31mrevoked\x1b[0m"), "{text:?}");
        let plain = ["\x1b[31m", "\x1b[90m", "\x1b[0m"].iter().fold(text, |text, code| text.replace(code, ""));
        let trimmed: String = plain.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        assert_eq!(trimmed, printed(Paint::Plain));
    }
}
