//! Finds the QR codes (ISO/IEC 18004) in a picture.
//!
//! `contrast` tells ink from paper, `finder` finds the squares in the corners of codes, `grid` takes three of them for a code and reads
//! its modules. The crate `rqrr` corrects errors and decodes the text. No picture makes the search or the decoder panic: a panic would
//! end the worker.
//!
//! The search is our own, because libraries failed on pictures of thirty codes: `rqrr` panicked, `rxing` found 17 and 27 of
//! them, and `quircs` missed small and rotated ones.

mod contrast;
mod finder;
mod grid;

use self::contrast::Contrast;
use crate::slices::raster::Raster;

/// How thoroughly a picture is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// A picture of a camera: must be quick, because the next one comes soon.
    Frame,
    /// A photograph: also for small codes.
    Photo,
}

/// Longest side of a copy that is searched. A larger picture is shrunk first.
const MAX_SIDE: usize = 4096;
/// Longest side of a picture that is also searched at twice its size, for codes with small modules.
const MAX_DOUBLED_SIDE: usize = 1400;
/// Longest side of the smallest copy.
const MIN_SIDE: usize = 120;
/// Most codes of one picture that are read.
const MAX_CODES: usize = 200;
/// Most characters of a text that are kept. Ours are much shorter.
const MAX_TEXT: usize = 100;

/// Calls `on_text` with what each code says, once for each text. The codes may lie at any angle.
///
/// The picture is searched in copies of several sizes, each for codes with modules of about 2 to 8 pixels.
pub fn find(picture: &Raster, effort: Effort, on_text: &mut dyn FnMut(String)) {
    let mut found: Vec<String> = Vec::new();
    let mut search = |copy: &Raster| {
        for text in grid::texts(&Contrast::new(copy)) {
            let text = printable(&text);
            if found.len() < MAX_CODES && !found.contains(&text) {
                on_text(text.clone());
                found.push(text);
            }
        }
    };
    let mut copy = picture.clone();
    while longest(&copy) > MAX_SIDE {
        copy = half(&copy);
    }
    if effort == Effort::Photo && longest(&copy) <= MAX_DOUBLED_SIDE {
        search(&copy.resize(2 * copy.width(), 2 * copy.height()));
    }
    search(&copy);
    while longest(&copy) / 2 >= MIN_SIDE {
        copy = half(&copy);
        search(&copy);
    }
}

fn longest(picture: &Raster) -> usize {
    picture.width().max(picture.height())
}

/// The picture at half its size.
fn half(picture: &Raster) -> Raster {
    let (width, pixels) = (picture.width(), picture.pixels());
    let (right, bottom) = (width - 1, picture.height() - 1);
    Raster::from_fn(width / 2, picture.height() / 2, |x, y| {
        let at = |x: usize, y: usize| u16::from(pixels[y.min(bottom) * width + x.min(right)]);
        let (x, y) = (2 * x, 2 * y);
        ((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) / 4) as u8
    })
}

/// The text on one line, without control characters.
fn printable(text: &str) -> String {
    let one = |sign: char| if sign.is_control() { ' ' } else { sign };
    text.chars().take(MAX_TEXT).map(one).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
