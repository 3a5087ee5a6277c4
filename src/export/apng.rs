//! A training as an animated PNG. Browsers play it, and its text chunks mark the scans as synthetic.
//!
//! It is written frame by frame, so that the caller can do other work between two frames.

use std::io;

use super::contact_sheet::contact_sheet;
use super::png::PngError;
use super::shared_buffer::SharedBuffer;
use crate::mark::source_type::{SourceType, XMP_KEYWORD};
use crate::mark::{NOTICE, SOFTWARE};

/// Largest number of frames.
pub const MAX_FRAMES: usize = 120;
/// Smallest side in pixels. Small scans are enlarged by an integer factor without interpolation.
const MIN_SIDE: usize = 512;
/// Display time of a frame in milliseconds.
const FRAME_MILLIS: u16 = 100;
/// Display time of the last frame in milliseconds, before the animation repeats.
const LAST_MILLIS: u16 = 2000;

/// An animated PNG that is being written.
pub struct Apng {
    writer: png::Writer<SharedBuffer>,
    bytes: SharedBuffer,
    columns: usize,
    size: usize,
    factor: usize,
    frames: usize,
    left: usize,
}

impl Apng {
    /// An animation of `frames` frames (1 to [`MAX_FRAMES`]). A frame shows `tiles` scans of `size` x `size` pixels in a square
    /// grid. `about` describes the training data.
    ///
    /// # Errors
    /// If there are no frames or no tiles, or the image is too large.
    pub fn new(frames: usize, tiles: usize, size: usize, about: &str) -> Result<Self, PngError> {
        let columns = tiles.isqrt() + usize::from(tiles.isqrt().pow(2) < tiles);
        let rows = tiles.div_ceil(columns.max(1));
        let factor = MIN_SIDE.div_ceil((columns * size).max(1));
        // The encoder refuses a side of 0 and 0 frames.
        let [width, height] = [columns, rows].map(|count| u32::try_from(count * size * factor).unwrap_or(0));
        let bytes = SharedBuffer::default();
        let mut encoder = png::Encoder::new(bytes.clone(), width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let frames = frames.min(MAX_FRAMES);
        encoder.set_animated(u32::try_from(frames).unwrap_or(0), 0)?;
        for (keyword, text) in [
            ("Title", "Synthetic brain MRI slices during the training of a generator"),
            ("Description", NOTICE),
            ("Comment", about),
            ("Software", SOFTWARE),
            (XMP_KEYWORD, &SourceType::TrainedAlgorithmicMedia.xmp()),
        ] {
            encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned())?;
        }
        Ok(Self { writer: encoder.write_header()?, bytes, columns, size, factor, frames, left: frames })
    }

    /// Adds the next frame; `tiles` are its scans in reading order.
    ///
    /// # Errors
    /// If all frames have been added already.
    pub fn add<T: AsRef<[u8]>>(&mut self, tiles: &[T]) -> Result<(), PngError> {
        let millis = if self.left == 1 { LAST_MILLIS } else { FRAME_MILLIS };
        // The encoder refuses a display time for a single frame.
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

    /// Finishes the file and returns its bytes.
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
        Ok(self.bytes.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn apng(frames: usize) -> Result<Vec<u8>, PngError> {
        let mut apng = Apng::new(frames, 16, 32, "drawings")?;
        for frame in 0..frames {
            apng.add(&vec![vec![frame as u8; 32 * 32]; 16])?;
        }
        apng.finish()
    }

    #[test]
    fn every_frame_is_read_back() -> Tested {
        let mut reader = png::Decoder::new(io::Cursor::new(apng(3)?)).read_info()?;
        let info = reader.info();
        assert_eq!((info.width, info.height), (512, 512), "4 x 4 scans of 32 pixels, four times as large");
        assert_eq!(info.animation_control.map(|control| (control.num_frames, control.num_plays)), Some((3, 0)));
        let mut delays = Vec::new();
        for frame in 0..3 {
            let mut pixels = vec![0; 512 * 512];
            reader.next_frame(&mut pixels)?;
            assert!(pixels.iter().all(|&pixel| pixel == frame));
            delays.push(reader.info().frame_control.map(|control| control.delay_num));
        }
        assert_eq!(delays, [Some(100), Some(100), Some(2000)]);
        Ok(())
    }

    #[test]
    fn it_is_marked_as_synthetic() -> Tested {
        let reader = png::Decoder::new(io::Cursor::new(apng(1)?)).read_info()?;
        let mut texts = Vec::new();
        for chunk in &reader.info().utf8_text {
            texts.push(chunk.get_text()?);
        }
        assert!(texts.iter().any(|text| text == NOTICE) && texts.iter().any(|text| text == "drawings"), "{texts:?}");
        Ok(())
    }

    #[test]
    fn missing_frames_and_tiles_are_refused() -> Tested {
        assert!(Apng::new(0, 16, 32, "").is_err());
        assert!(Apng::new(3, 0, 32, "").is_err());
        let mut half = Apng::new(2, 4, 32, "")?;
        half.add(&[[0; 1024]; 4])?;
        assert!(half.finish().is_err());
        Ok(())
    }

    #[test]
    fn large_scans_are_not_enlarged() -> Tested {
        let reader = png::Decoder::new(io::Cursor::new({
            let mut apng = Apng::new(1, 16, 64, "")?;
            apng.add(&vec![vec![7; 64 * 64]; 16])?;
            apng.finish()?
        }))
        .read_info()?;
        assert_eq!((reader.info().width, reader.info().height), (512, 512));
        Ok(())
    }
}
