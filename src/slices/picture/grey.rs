//! Converts decoded pictures to grey levels.

use image::{DynamicImage, Pixel, Rgba};

use crate::slices::raster::Raster;
use crate::slices::window::{self, IntensityWindow};

/// Largest value of a channel with 16 bits.
const MAX_16_BITS: f32 = 65_535.0;

/// Difference between the channels of a pixel from which it has a colour.
const MIN_SATURATION: u8 = 64;

/// Grey levels of a picture.
pub(super) enum GreyPixels {
    /// With 8 bits.
    Bytes(Vec<u8>),
    /// With more bits, or signed or floating-point.
    Floats(Vec<f32>),
}

impl GreyPixels {
    /// The luma of colours, multiplied by alpha: transparent pixels become black.
    pub(super) fn of(picture: DynamicImage) -> Self {
        match picture {
            DynamicImage::ImageLuma8(grey) => GreyPixels::Bytes(grey.into_raw()),
            DynamicImage::ImageRgb8(_) => GreyPixels::Bytes(picture.into_luma8().into_raw()),
            DynamicImage::ImageLumaA8(_) | DynamicImage::ImageRgba8(_) => {
                let mut picture = picture;
                if let DynamicImage::ImageRgba8(colours) = &mut picture {
                    colours.pixels_mut().for_each(|pixel| *pixel = premultiplied(*pixel));
                    return GreyPixels::Bytes(picture.into_luma8().into_raw());
                }
                let pairs = picture.into_luma_alpha8();
                GreyPixels::Bytes(pairs.pixels().map(|pixel| times(pixel[0], pixel[1])).collect())
            }
            DynamicImage::ImageLumaA16(pairs) => {
                GreyPixels::Floats(pairs.pixels().map(|pixel| times_16_bits(pixel[0], pixel[1])).collect())
            }
            DynamicImage::ImageRgba16(colours) => {
                let grey = |pixel: &Rgba<u16>| times_16_bits(pixel.to_luma()[0], pixel[3]);
                GreyPixels::Floats(colours.pixels().map(grey).collect())
            }
            // 16 bits or floats.
            other => {
                let floats = other.to_luma32f().into_raw();
                GreyPixels::Floats(floats.into_iter().map(|value| (value * MAX_16_BITS).round()).collect())
            }
        }
    }

    pub(super) fn is_label_map(&self) -> bool {
        match self {
            GreyPixels::Bytes(bytes) => window::is_label_map(bytes.iter().map(|&byte| f32::from(byte))),
            GreyPixels::Floats(values) => window::is_label_map(values.iter().copied()),
        }
    }

    /// Whether all pixels are equal.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            GreyPixels::Bytes(bytes) => bytes.windows(2).all(|pair| pair[0] == pair[1]),
            GreyPixels::Floats(values) => IntensityWindow::of(values).is_none(),
        }
    }

    /// The pixels with 8 bits, as they are or stretched by a window that fits, with the range of that window. Every label above 0
    /// stays above 0.
    pub(super) fn into_bytes(self, labels: bool) -> (Vec<u8>, Option<[f32; 2]>) {
        match self {
            GreyPixels::Bytes(bytes) => (bytes, None),
            GreyPixels::Floats(values) => {
                let window = IntensityWindow::of(&values);
                let byte = |value: f32| {
                    let byte = window.map_or(0, |window| window.byte(value));
                    if labels && value > 0.0 { byte.max(1) } else { byte }
                };
                (values.into_iter().map(byte).collect(), window.map(IntensityWindow::range))
            }
        }
    }
}

/// For a picture with 8 bits a channel, the difference between the largest and the smallest channel of each pixel. `None` if
/// no pixel has a colour.
pub(super) fn saturation(picture: &DynamicImage) -> Option<Raster> {
    let spread = |[red, green, blue]: [u8; 3]| red.max(green).max(blue) - red.min(green).min(blue);
    let pixels: Vec<u8> = match picture {
        DynamicImage::ImageRgb8(colours) => colours.pixels().map(|pixel| spread(pixel.0)).collect(),
        DynamicImage::ImageRgba8(colours) => colours.pixels().map(|pixel| spread(pixel.to_rgb().0)).collect(),
        _ => return None,
    };
    let coloured = pixels.iter().any(|pixel| *pixel >= MIN_SATURATION);
    Raster::new(picture.width() as usize, picture.height() as usize, pixels).ok().filter(|_| coloured)
}

fn premultiplied(Rgba([red, green, blue, alpha]): Rgba<u8>) -> Rgba<u8> {
    Rgba([times(red, alpha), times(green, alpha), times(blue, alpha), alpha])
}

fn times(value: u8, alpha: u8) -> u8 {
    (u16::from(value) * u16::from(alpha) / 255) as u8
}

fn times_16_bits(value: u16, alpha: u16) -> f32 {
    (f32::from(value) * (f32::from(alpha) / MAX_16_BITS)).round()
}
