//! The course of a training as a moving picture: an animated PNG, which every browser plays and which, as a plain PNG does, says
//! in itself that its scans are synthetic.
//!
//! Written a frame at a time, so that who writes it can do other things between two frames.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::contact_sheet::contact_sheet;
use super::png::PngError;
use super::provenance::{NOTICE, SOFTWARE};

/// Most frames in a film.
pub const MAX_FRAMES: usize = 120;
/// Least side of a film in pixels: small scans are enlarged by a whole factor, so that they stay as they are.
const LEAST_SIDE: usize = 256;
/// Milliseconds that a frame stays.
const FRAME_MILLIS: u16 = 100;
/// Milliseconds that the last one stays, before it all starts again.
const LAST_MILLIS: u16 = 2000;

/// A film in the making.
pub struct Apng {
    writer: png::Writer<Shared>,
    bytes: Shared,
    columns: usize,
    size: usize,
    factor: usize,
    frames: usize,
    left: usize,
}

impl Apng {
    /// A film of so many frames (1 to [`MAX_FRAMES`]), each of `tiles` scans of `size` x `size` pixels in as many columns as rows.
    /// `about` says what was learned from.
    ///
    /// # Errors
    /// If there is nothing to show, or too much.
    pub fn new(frames: usize, tiles: usize, size: usize, about: &str) -> Result<Self, PngError> {
        let columns = tiles.isqrt() + usize::from(tiles.isqrt().pow(2) < tiles);
        let rows = tiles.div_ceil(columns.max(1));
        let factor = LEAST_SIDE.div_ceil((columns * size).max(1));
        // The encoder refuses a side of 0, and no frames.
        let [width, height] = [columns, rows].map(|count| u32::try_from(count * size * factor).unwrap_or(0));
        let bytes = Shared::default();
        let mut encoder = png::Encoder::new(bytes.clone(), width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let frames = frames.min(MAX_FRAMES);
        encoder.set_animated(u32::try_from(frames).unwrap_or(0), 0)?;
        for (keyword, text) in [
            ("Title", "Synthetic brain MRI slices while a generator learns to make them"),
            ("Description", NOTICE),
            ("Comment", about),
            ("Software", SOFTWARE),
        ] {
            encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned())?;
        }
        Ok(Self { writer: encoder.write_header()?, bytes, columns, size, factor, frames, left: frames })
    }

    /// The next frame: the scans in order.
    ///
    /// # Errors
    /// If there were enough frames already.
    pub fn add<T: AsRef<[u8]>>(&mut self, tiles: &[T]) -> Result<(), PngError> {
        let millis = if self.left == 1 { LAST_MILLIS } else { FRAME_MILLIS };
        // A film of one frame needs no time, and the encoder knows none for it.
        if self.frames > 1 {
            self.writer.set_frame_delay(millis, 1000)?;
        }
        let sheet = contact_sheet(tiles, self.size, self.columns);
        let mut large = Vec::with_capacity(sheet.pixels().len() * self.factor * self.factor);
        for row in sheet.pixels().chunks(sheet.width().max(1)) {
            for _ in 0..self.factor {
                large.extend(row.iter().flat_map(|&pixel| std::iter::repeat_n(pixel, self.factor)));
            }
        }
        self.writer.write_image_data(&large)?;
        self.left = self.left.saturating_sub(1);
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// If frames are missing.
    pub fn finish(self) -> Result<Vec<u8>, PngError> {
        if self.left > 0 {
            return Err(
                png::EncodingError::IoError(io::Error::other(format!("{} frames are missing", self.left))).into()
            );
        }
        self.writer.finish()?;
        Ok(self.bytes.0.take())
    }
}

/// What the encoder writes to, and who finishes the film reads: the encoder does not give back what it is given.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn film(frames: usize) -> Result<Vec<u8>, PngError> {
        let mut film = Apng::new(frames, 16, 32, "drawings")?;
        for frame in 0..frames {
            film.add(&vec![vec![frame as u8; 32 * 32]; 16])?;
        }
        film.finish()
    }

    #[test]
    fn every_frame_is_read_back() -> Tested {
        let mut reader = png::Decoder::new(io::Cursor::new(film(3)?)).read_info()?;
        let info = reader.info();
        assert_eq!((info.width, info.height), (256, 256), "4 x 4 scans of 32 pixels, twice as large");
        assert_eq!(info.animation_control.map(|control| (control.num_frames, control.num_plays)), Some((3, 0)));
        let mut delays = Vec::new();
        for frame in 0..3 {
            let mut pixels = vec![0; 256 * 256];
            reader.next_frame(&mut pixels)?;
            assert!(pixels.iter().all(|&pixel| pixel == frame));
            delays.push(reader.info().frame_control.map(|control| control.delay_num));
        }
        assert_eq!(delays, [Some(100), Some(100), Some(2000)]);
        Ok(())
    }

    #[test]
    fn it_says_that_it_is_synthetic() -> Tested {
        let reader = png::Decoder::new(io::Cursor::new(film(1)?)).read_info()?;
        let mut texts = Vec::new();
        for chunk in &reader.info().utf8_text {
            texts.push(chunk.get_text()?);
        }
        assert!(texts.iter().any(|text| text == NOTICE) && texts.iter().any(|text| text == "drawings"), "{texts:?}");
        Ok(())
    }

    #[test]
    fn nothing_and_half_a_film_are_refused() -> Tested {
        assert!(Apng::new(0, 16, 32, "").is_err());
        assert!(Apng::new(3, 0, 32, "").is_err());
        let mut half = Apng::new(2, 4, 32, "")?;
        half.add(&[[0; 1024]; 4])?;
        assert!(half.finish().is_err());
        Ok(())
    }

    #[test]
    fn large_scans_stay_as_they_are() -> Tested {
        let reader = png::Decoder::new(io::Cursor::new({
            let mut film = Apng::new(1, 16, 64, "")?;
            film.add(&vec![vec![7; 64 * 64]; 16])?;
            film.finish()?
        }))
        .read_info()?;
        assert_eq!((reader.info().width, reader.info().height), (256, 256));
        Ok(())
    }
}
