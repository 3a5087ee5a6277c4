//! Reads PNG, JPEG, BMP and TIFF pictures with the `image` crate.

mod metadata;
mod tiff;

use std::io::Cursor;

use image::error::LimitErrorKind;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, Pixel, Rgba};

use super::decoded::{DecodedFile, Format, Refusal};
use super::limits::{MAX_SIDE, MIN_SIDE};
use super::raster::Raster;
use super::window::IntensityWindow;
use super::{burned_in, window};

/// Most bytes that decoding may reserve. A colour picture of the largest size with 8 bits a channel needs about half.
const MAX_DECODE_BYTES: u64 = 96 << 20;

/// Reads a picture of this format.
///
/// # Errors
/// If the picture is damaged, all its pixels are equal, or it is beyond a limit.
pub fn open(path: &str, format: Format, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let decoded = decode(format, bytes)?;
    let (width, height) = (decoded.width() as usize, decoded.height() as usize);
    if width.min(height) < MIN_SIDE {
        return Err(Refusal::TooSmall);
    }
    let grey = GreyPixels::of(decoded);
    let mut file = DecodedFile::new(path, format);
    file.labels = grey.is_label_map() || (grey.is_blank() && is_named_mask(path));
    if grey.is_blank() && !file.labels {
        return Err(Refusal::Blank);
    }
    let picture = Raster::new(width, height, grey.into_bytes(file.labels)).map_err(|_| Refusal::Damaged(format))?;
    file.burned_in = !file.labels && burned_in::has_text(&picture);
    file.personal = metadata::personal_fields(format, bytes);
    file.slices = vec![window::shrink_to_kept(picture)];
    Ok(file)
}

fn decode(format: Format, bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let image_format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
        _ => ImageFormat::Png,
    };
    if format == Format::Tiff {
        tiff::check(bytes)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE as u32), Some(MAX_SIDE as u32));
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    reader.limits(limits);
    reader.decode().map_err(|error| match error {
        ImageError::Limits(error) => match error.kind() {
            LimitErrorKind::Unsupported { .. } => Refusal::UnsupportedCoding,
            _ => Refusal::TooManyPixels,
        },
        ImageError::Unsupported(_) => Refusal::UnsupportedCoding,
        _ => Refusal::Damaged(format),
    })
}

/// Grey levels of a picture.
enum GreyPixels {
    /// With 8 bits.
    Bytes(Vec<u8>),
    /// With more bits, from 0 to 1.
    Floats(Vec<f32>),
}

impl GreyPixels {
    /// The luma of colours, multiplied by alpha: transparent pixels become black.
    fn of(picture: DynamicImage) -> Self {
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
                GreyPixels::Floats(pairs.pixels().map(|pixel| times_fine(pixel[0].into(), pixel[1])).collect())
            }
            DynamicImage::ImageRgba16(colours) => {
                let grey = |pixel: &Rgba<u16>| times_fine(f32::from(pixel.to_luma()[0]), pixel[3]);
                GreyPixels::Floats(colours.pixels().map(grey).collect())
            }
            // 16 bits or floats.
            other => GreyPixels::Floats(other.to_luma32f().into_raw()),
        }
    }

    fn is_label_map(&self) -> bool {
        match self {
            GreyPixels::Bytes(bytes) => window::is_label_map(bytes.iter().map(|&byte| f32::from(byte))),
            GreyPixels::Floats(values) => window::is_label_map(values.iter().map(|value| (value * 65_535.0).round())),
        }
    }

    /// Whether all pixels are equal.
    fn is_blank(&self) -> bool {
        match self {
            GreyPixels::Bytes(bytes) => bytes.windows(2).all(|pair| pair[0] == pair[1]),
            GreyPixels::Floats(values) => IntensityWindow::of(values).is_none(),
        }
    }

    /// The pixels with 8 bits: 0 or 255 if they are labels, else as they are or stretched by a window that fits.
    fn into_bytes(self, labels: bool) -> Vec<u8> {
        match self {
            GreyPixels::Bytes(bytes) if labels => {
                bytes.into_iter().map(|byte| window::label_pixel(f32::from(byte))).collect()
            }
            GreyPixels::Bytes(bytes) => bytes,
            GreyPixels::Floats(values) if labels => values.into_iter().map(window::label_pixel).collect(),
            GreyPixels::Floats(values) => {
                let window = IntensityWindow::of(&values);
                values.into_iter().map(|value| window.map_or(0, |window| window.byte(value))).collect()
            }
        }
    }
}

fn premultiplied(Rgba([red, green, blue, alpha]): Rgba<u8>) -> Rgba<u8> {
    Rgba([times(red, alpha), times(green, alpha), times(blue, alpha), alpha])
}

fn times(value: u8, alpha: u8) -> u8 {
    (u16::from(value) * u16::from(alpha) / 255) as u8
}

/// The product of a 16-bit value and alpha, from 0 to 1.
fn times_fine(value: f32, alpha: u16) -> f32 {
    value / 65_535.0 * (f32::from(alpha) / 65_535.0)
}

/// Whether the file name marks a segmentation mask. An empty mask is valid; an empty scan is not.
fn is_named_mask(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["mask", "_seg", "-seg", "label"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
