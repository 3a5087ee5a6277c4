//! Contact sheets: many scans in one image.

use super::png::{PngError, encode};
use crate::mark::source_type::SourceType;
use crate::mark::{NOTICE, SOFTWARE};
use crate::slices::raster::Raster;

/// Arranges tiles of `size` x `size` pixels in rows of `columns` (at least 1), in reading order. Empty places and missing
/// pixels are black.
pub fn contact_sheet<T: AsRef<[u8]>>(tiles: &[T], size: usize, columns: usize) -> Raster {
    let (size, columns) = (size.max(1), columns.max(1));
    let rows = tiles.len().div_ceil(columns);
    Raster::from_fn(columns * size, rows * size, |x, y| {
        let tile = tiles.get(y / size * columns + x / size).map(AsRef::as_ref);
        tile.and_then(|tile| tile.get(y % size * size + x % size)).copied().unwrap_or(0)
    })
}

/// A contact sheet of generated scans as a PNG, marked as synthetic, with more texts: keywords and their text.
///
/// # Errors
/// If the sheet is too large for a PNG, or a keyword is not allowed.
pub fn png<T: AsRef<[u8]>>(
    tiles: &[T],
    size: usize,
    columns: usize,
    more: &[(&str, &str)],
) -> Result<Vec<u8>, PngError> {
    let sheet = contact_sheet(tiles, size, columns);
    let about = [("Description", NOTICE), ("Software", SOFTWARE)];
    let text: Vec<(&str, &str)> = about.into_iter().chain(more.iter().copied()).collect();
    encode(sheet.width(), sheet.height(), sheet.pixels(), &text, Some(SourceType::TrainedAlgorithmicMedia))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_in_reading_order() {
        let tiles = [[1; 4], [2; 4], [3; 4]];
        let sheet = contact_sheet(&tiles, 2, 2);
        assert_eq!((sheet.width(), sheet.height()), (4, 4));
        assert!(png(&tiles, 2, 2, &[]).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG")));
        assert_eq!(sheet.pixels(), [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 0, 0, 3, 3, 0, 0]);
    }

    #[test]
    fn no_tiles_give_black() {
        let none: [&[u8]; 0] = [];
        assert!(contact_sheet(&none, 4, 3).pixels().iter().all(|&pixel| pixel == 0));
    }
}
