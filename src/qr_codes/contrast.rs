//! Adaptive threshold: tells ink from paper by comparing a pixel with the mean of the pixels around it, so that shadows do not
//! matter.

use crate::slices::raster::Raster;

/// Distance from a pixel to the sides of the square that it is compared with.
const REACH: usize = 22;
/// Grey levels below the mean from which a pixel is ink. Plain areas have some noise.
const MIN_DIFFERENCE: f64 = 6.0;

/// A picture, and the mean around each pixel.
pub struct Contrast<'a> {
    picture: &'a Raster,
    means: Vec<u8>,
}

impl<'a> Contrast<'a> {
    pub fn new(picture: &'a Raster) -> Self {
        Self { picture, means: means(picture) }
    }

    pub fn width(&self) -> usize {
        self.picture.width()
    }

    pub fn height(&self) -> usize {
        self.picture.height()
    }

    /// Whether the pixel is ink. Beside the picture there is paper.
    pub fn is_ink(&self, x: usize, y: usize) -> bool {
        if x >= self.width() || y >= self.height() {
            return false;
        }
        let index = y * self.width() + x;
        f64::from(self.picture.pixels()[index]) + MIN_DIFFERENCE < f64::from(self.means[index])
    }

    /// Whether there is ink at this point, given in pixels from the left top corner of the picture.
    pub fn is_ink_at(&self, (x, y): (f64, f64)) -> bool {
        // Numbers below zero, and those that are none, become 0.
        x >= 0.0 && y >= 0.0 && self.is_ink(x as usize, y as usize)
    }

    /// How much darker the point is than the mean around it, in grey levels. It lies between pixels, whose levels are mixed. Beside
    /// the picture it is 0.
    pub fn darkness_at(&self, (x, y): (f64, f64)) -> f64 {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width() as f64 && y < self.height() as f64;
        if !inside {
            return 0.0;
        }
        let (right, bottom) = (self.width() - 1, self.height() - 1);
        let (left, top) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (column, row) = (left as usize, top as usize);
        let (across, down) = (left - column as f64, top - row as f64);
        let at = |x: usize, y: usize| f64::from(self.picture.pixels()[y.min(bottom) * self.width() + x.min(right)]);
        let upper = at(column, row) * (1.0 - across) + at(column + 1, row) * across;
        let lower = at(column, row + 1) * (1.0 - across) + at(column + 1, row + 1) * across;
        f64::from(self.means[y as usize * self.width() + x as usize]) - upper * (1.0 - down) - lower * down
    }
}

/// The mean of the square around each pixel, as far as it lies in the picture.
fn means(picture: &Raster) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let row = |y: usize| &picture.pixels()[y * width..(y + 1) * width];
    // Sums of the columns in the rows that count for the present one.
    let mut sums = vec![0_u32; width];
    let add =
        |sums: &mut [u32], y: usize| sums.iter_mut().zip(row(y)).for_each(|(sum, pixel)| *sum += u32::from(*pixel));
    for y in 0..REACH.min(height) {
        add(&mut sums, y);
    }
    let mut means = Vec::with_capacity(width * height);
    for y in 0..height {
        if y + REACH < height {
            add(&mut sums, y + REACH);
        }
        if y > REACH {
            sums.iter_mut().zip(row(y - REACH - 1)).for_each(|(sum, pixel)| *sum -= u32::from(*pixel));
        }
        let rows = (y + REACH + 1).min(height) - y.saturating_sub(REACH);
        let mut total: u32 = sums[..REACH.min(width)].iter().sum();
        for x in 0..width {
            if x + REACH < width {
                total += sums[x + REACH];
            }
            if x > REACH {
                total -= sums[x - REACH - 1];
            }
            let columns = (x + REACH + 1).min(width) - x.saturating_sub(REACH);
            means.push((total / (rows * columns) as u32) as u8);
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_the_square_inside_the_picture() {
        for (width, height) in [(1, 1), (3, 90), (90, 3), (61, 47)] {
            let picture = Raster::from_fn(width, height, |x, y| (x * 37 + y * 91 + x * y) as u8);
            let slow = |x: usize, y: usize| {
                let rows = y.saturating_sub(REACH)..(y + REACH + 1).min(height);
                let columns = x.saturating_sub(REACH)..(x + REACH + 1).min(width);
                let count = rows.len() * columns.len();
                let sum: usize = rows
                    .map(|y| {
                        picture.rows().nth(y).unwrap()[columns.clone()].iter().map(|p| usize::from(*p)).sum::<usize>()
                    })
                    .sum();
                (sum / count) as u8
            };
            let wanted: Vec<u8> = (0..width * height).map(|index| slow(index % width, index / width)).collect();
            assert_eq!(means(&picture), wanted, "{width} x {height}");
        }
    }

    #[test]
    fn points_beside_the_picture_are_paper() {
        let picture = Raster::from_fn(60, 60, |x, _| if x < 5 { 0 } else { 200 });
        let contrast = Contrast::new(&picture);
        assert!(contrast.is_ink(2, 2) && contrast.is_ink_at((2.0, 2.0)) && contrast.darkness_at((2.0, 2.0)) > 0.0);
        for point in [(-1.0, 2.0), (2.0, -0.1), (2.0, 60.0), (f64::NAN, 2.0), (2.0, f64::INFINITY), (1e300, 1e300)] {
            assert!(!contrast.is_ink_at(point) && contrast.darkness_at(point) == 0.0, "{point:?}");
        }
    }
}
