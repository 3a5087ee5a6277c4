//! Contact sheets: many scans in one picture.

use crate::slices::raster::Raster;

/// Tiles of `size` x `size` pixels side by side, `columns` in a row (at least 1), from the top left. Places
/// without a tile, and pixels that a tile lacks, are black.
pub fn contact_sheet<T: AsRef<[u8]>>(size: usize, tiles: &[T], columns: usize) -> Raster {
    let (size, columns) = (size.max(1), columns.max(1));
    let rows = tiles.len().div_ceil(columns);
    Raster::from_fn(columns * size, rows * size, |x, y| {
        let tile = tiles.get(y / size * columns + x / size).map(AsRef::as_ref);
        tile.and_then(|tile| tile.get(y % size * size + x % size)).copied().unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_lie_in_reading_order() {
        let tiles = [[1; 4], [2; 4], [3; 4]];
        let sheet = contact_sheet(2, &tiles, 2);
        assert_eq!((sheet.width(), sheet.height()), (4, 4));
        assert_eq!(sheet.pixels(), [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 0, 0, 3, 3, 0, 0]);
    }

    #[test]
    fn no_tiles_give_black() {
        let none: [&[u8]; 0] = [];
        assert!(contact_sheet(4, &none, 3).pixels().iter().all(|&pixel| pixel == 0));
    }
}
