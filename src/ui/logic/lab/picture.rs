//! The rows of the lab as an SVG picture.

use std::fmt::Write;

use crate::lab::svg::{self, text};

/// What the picture shows. Places are percent of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The title.
    pub title: String,
    /// The ends of the axis.
    pub ends: [String; 2],
    /// Place of the baseline.
    pub baseline: Option<f64>,
    /// The rows.
    pub rows: Vec<PictureRow>,
    /// The lines below.
    pub notes: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureRow {
    /// Name of the arm.
    pub name: String,
    /// What was found.
    pub words: String,
    /// Places of the repetitions.
    pub dots: Vec<f64>,
    /// Place and width of the interval.
    pub band: Option<[f64; 2]>,
}

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 20.0;
/// Height of a row: two lines of text and the dots.
const ROW: f64 = 72.0;
const TOP: f64 = 56.0;
/// Height of a note.
const NOTE: f64 = 20.0;

/// The picture.
pub fn draw(picture: &Picture) -> String {
    let height = TOP + ROW * picture.rows.len() as f64 + 44.0 + NOTE * picture.notes.len() as f64;
    let x = |percent: f64| MARGIN + (WIDTH - 2.0 * MARGIN) * percent / 100.0;
    let mut svg = svg::begin([WIDTH, height], 15, &picture.title);
    text(&mut svg, [MARGIN, 32.0], " font-weight=\"bold\"", &picture.title);
    let bottom = TOP + ROW * picture.rows.len() as f64;
    if let Some(base) = picture.baseline {
        let _ = writeln!(svg, "<path d=\"M{:.1} {TOP}V{bottom}\" stroke=\"#222\" stroke-dasharray=\"4 3\"/>", x(base));
    }
    for (index, row) in picture.rows.iter().enumerate() {
        let y = TOP + ROW * index as f64;
        text(&mut svg, [MARGIN, y + 16.0], " font-weight=\"bold\"", &row.name);
        text(&mut svg, [MARGIN, y + 35.0], "", &row.words);
        let middle = y + 52.0;
        let _ = writeln!(svg, "<path d=\"M{MARGIN} {middle}H{}\" stroke=\"#ccc\"/>", WIDTH - MARGIN);
        if let Some([from, width]) = row.band {
            let (from, to) = (x(from), x(from + width));
            let _ = writeln!(svg, "<path d=\"M{from:.1} {middle}H{to:.1}\" stroke=\"#9bb8e8\" stroke-width=\"14\"/>");
        }
        for dot in &row.dots {
            let at = x(*dot);
            let _ =
                writeln!(svg, "<circle cx=\"{at:.1}\" cy=\"{middle}\" r=\"5\" fill=\"#8f5200\" fill-opacity=\"0.7\"/>");
        }
    }
    let [low, high] = &picture.ends;
    text(&mut svg, [MARGIN, bottom + 20.0], "", low);
    text(&mut svg, [WIDTH - MARGIN, bottom + 20.0], " text-anchor=\"end\"", high);
    for (index, note) in picture.notes.iter().enumerate() {
        text(&mut svg, [MARGIN, bottom + 48.0 + NOTE * index as f64], " font-size=\"12\"", note);
    }
    svg.push_str(svg::END);
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_dots_and_its_interval() {
        let row = |band| PictureRow { name: "a & <b>".to_owned(), words: "c".to_owned(), dots: vec![0.0, 100.0], band };
        let picture = Picture {
            title: "t".to_owned(),
            ends: ["0 %".to_owned(), "100 %".to_owned()],
            baseline: Some(50.0),
            rows: vec![row(None), row(Some([25.0, 50.0]))],
            notes: vec!["f".to_owned(), "g & h".to_owned()],
        };
        let svg = draw(&picture);
        assert_eq!((svg.matches("<circle").count(), svg.matches("#9bb8e8").count()), (4, 1));
        assert!(
            svg.contains("M190.0 180H530.0") && svg.contains("cx=\"20.0\"") && svg.contains("cx=\"700.0\""),
            "{svg}"
        );
        assert!(svg.contains("a &amp; &lt;b&gt;") && svg.contains(">g &amp; h<") && !svg.contains("NaN"));
    }
}
