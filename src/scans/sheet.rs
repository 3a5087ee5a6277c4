//! Sheets: scans of a generator in one picture, so that a pack can be compared with them without a network.
//!
//! A sheet is a PNG. Its text `Classes` names the classes of the generator, `Tiles` counts the scans. `hersenscan fairness
//! --sheet` writes one.

use std::io::Cursor;

use thiserror::Error;

use crate::export::contact_sheet;
use crate::export::png::PngError;

/// Scans in a row.
const COLUMNS: usize = 8;
/// Keyword of the text with the classes, separated by commas.
const CLASSES: &str = "Classes";
/// Keyword of the text with the number of scans.
const TILES: &str = "Tiles";

/// Scans of one generator. Their classes take turns, in the order of the generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedSheet {
    /// Side of a scan in pixels.
    pub size: usize,
    /// Classes of the generator.
    pub classes: Vec<String>,
    /// The scans, `size * size` bytes each.
    pub scans: Vec<Vec<u8>>,
}

/// Why a sheet cannot be read.
#[derive(Debug, Error)]
pub enum GeneratedSheetError {
    /// It is not a PNG, or damaged.
    #[error("this is not a PNG, or it is damaged: {0}")]
    Png(#[from] png::DecodingError),
    /// It is another picture.
    #[error("this PNG is not a sheet of generated scans: `hersenscan fairness --sheet` writes one")]
    Other,
}

impl GeneratedSheet {
    /// The sheet as a PNG, marked as synthetic.
    ///
    /// # Errors
    /// If the picture is too large for a PNG.
    pub fn write(&self) -> Result<Vec<u8>, PngError> {
        let (classes, tiles) = (self.classes.join(","), self.scans.len().to_string());
        contact_sheet::png(&self.scans, self.size, COLUMNS, &[(CLASSES, &classes), (TILES, &tiles)])
    }

    /// Reads what [`GeneratedSheet::write`] wrote.
    ///
    /// # Errors
    /// [`GeneratedSheetError`].
    pub fn read(bytes: &[u8]) -> Result<Self, GeneratedSheetError> {
        let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info()?;
        let text = |keyword: &str| -> Option<String> {
            let texts = &reader.info().uncompressed_latin1_text;
            texts.iter().find(|text| text.keyword == keyword).map(|text| text.text.clone())
        };
        let tiles = text(TILES).and_then(|count| count.parse::<usize>().ok());
        let (Some(classes), Some(tiles), Some(length)) = (text(CLASSES), tiles, reader.output_buffer_size()) else {
            return Err(GeneratedSheetError::Other);
        };
        let mut pixels = vec![0; length];
        let frame = reader.next_frame(&mut pixels)?;
        let (width, height) = (frame.width as usize, frame.height as usize);
        let size = width / COLUMNS;
        let grey = frame.color_type == png::ColorType::Grayscale && frame.bit_depth == png::BitDepth::Eight;
        if !grey || size == 0 || width % COLUMNS > 0 || tiles.div_ceil(COLUMNS).checked_mul(size) != Some(height) {
            return Err(GeneratedSheetError::Other);
        }
        let row =
            |tile: usize, y: usize| &pixels[(tile / COLUMNS * size + y) * width + tile % COLUMNS * size..][..size];
        let scan = |tile: usize| (0..size).flat_map(|y| row(tile, y)).copied().collect();
        Ok(Self {
            size,
            classes: classes.split(',').map(str::to_owned).collect(),
            scans: (0..tiles).map(scan).collect(),
        })
    }

    /// The scans of the classes with these names, or all if the generator knows none of them.
    pub fn of_classes(&self, names: &[String]) -> Vec<Vec<u8>> {
        let wanted = |tile: usize| names.contains(&self.classes[tile % self.classes.len()]);
        let some = self.classes.iter().any(|class| names.contains(class));
        let scans = self.scans.iter().enumerate();
        scans.filter(|(tile, _)| !some || wanted(*tile)).map(|(_, scan)| scan.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn sheet() -> GeneratedSheet {
        let classes = ["glioma", "pituitary"].map(str::to_owned).to_vec();
        GeneratedSheet {
            size: 4,
            classes,
            scans: (0..11).map(|tile| (0..16).map(|at| tile * 20 + at).collect()).collect(),
        }
    }

    #[test]
    fn a_sheet_is_read_back() -> Tested {
        assert_eq!(GeneratedSheet::read(&sheet().write()?)?, sheet());
        Ok(())
    }

    #[test]
    fn other_pictures_are_refused() -> Tested {
        let bytes = sheet().write()?;
        assert!(matches!(GeneratedSheet::read(&bytes[..bytes.len() / 2]), Err(GeneratedSheetError::Png(_))));
        let other = contact_sheet::png(&sheet().scans, 4, COLUMNS, &[])?;
        assert!(matches!(GeneratedSheet::read(&other), Err(GeneratedSheetError::Other)));
        let narrow = contact_sheet::png(&sheet().scans, 4, 3, &[(CLASSES, "glioma"), (TILES, "11")])?;
        assert!(matches!(GeneratedSheet::read(&narrow), Err(GeneratedSheetError::Other)));
        Ok(())
    }

    #[test]
    fn scans_are_chosen_by_class() {
        let some = sheet().of_classes(&["pituitary".to_owned()]);
        assert_eq!((some.len(), some[0][0], some[1][0]), (5, 20, 60));
        assert_eq!(sheet().of_classes(&["tumour".to_owned()]).len(), 11);
    }
}
