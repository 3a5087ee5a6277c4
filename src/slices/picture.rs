//! Pictures as computers know them: PNG, JPEG, BMP and TIFF.

mod tiff;

use std::io::Cursor;

use image::error::LimitErrorKind;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, Pixel, Rgba};

use super::limits::{MAX_SIDE, MIN_SIDE};
use super::open::{Format, Found, Refusal};
use super::raster::Raster;
use super::{burnt, identity, shown};

/// Bytes that decoding may take beside the file, of which a picture of the largest size in colour needs most.
const MAX_WORK: u64 = 96 << 20;

/// Reads a picture of this format.
///
/// # Errors
/// If it is damaged or beyond the limits.
pub fn open(path: &str, format: Format, bytes: &[u8]) -> Result<Found, Refusal> {
    let decoded = decode(format, bytes)?;
    let (width, height) = (decoded.width() as usize, decoded.height() as usize);
    if width.min(height) < MIN_SIDE {
        return Err(Refusal::TooSmall);
    }
    let grey = Grey::of(decoded);
    let mut found = Found::new(path, format);
    found.labels = grey.labels() || (grey.blank() && says_mask(path));
    if grey.blank() && !found.labels {
        return Err(Refusal::Blank);
    }
    let picture = Raster::new(width, height, grey.bytes(found.labels)).map_err(|_| Refusal::Damaged(format))?;
    found.burnt_in = !found.labels && burnt::looks_written(&picture);
    found.personal = identity::of_picture(format, bytes);
    found.slices = vec![shown::kept(picture)];
    Ok(found)
}

fn decode(format: Format, bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let coded = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
        _ => ImageFormat::Png,
    };
    if format == Format::Tiff {
        tiff::check(bytes)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), coded);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE as u32), Some(MAX_SIDE as u32));
    limits.max_alloc = Some(MAX_WORK);
    reader.limits(limits);
    reader.decode().map_err(|error| match error {
        ImageError::Limits(error) => match error.kind() {
            LimitErrorKind::Unsupported { .. } => Refusal::Coding,
            _ => Refusal::TooBig,
        },
        ImageError::Unsupported(_) => Refusal::Coding,
        _ => Refusal::Damaged(format),
    })
}

/// Brightness, coarse or fine.
enum Grey {
    Coarse(Vec<u8>),
    Fine(Vec<f32>),
}

impl Grey {
    /// Colour becomes brightness, and what is see-through becomes dark.
    fn of(picture: DynamicImage) -> Self {
        match picture {
            DynamicImage::ImageLuma8(grey) => Grey::Coarse(grey.into_raw()),
            DynamicImage::ImageRgb8(_) => Grey::Coarse(picture.into_luma8().into_raw()),
            DynamicImage::ImageLumaA8(_) | DynamicImage::ImageRgba8(_) => {
                let mut picture = picture;
                if let DynamicImage::ImageRgba8(colours) = &mut picture {
                    colours.pixels_mut().for_each(|pixel| *pixel = dimmed(*pixel));
                    return Grey::Coarse(picture.into_luma8().into_raw());
                }
                let pairs = picture.into_luma_alpha8();
                Grey::Coarse(pairs.pixels().map(|pixel| times(pixel[0], pixel[1])).collect())
            }
            DynamicImage::ImageLumaA16(pairs) => {
                Grey::Fine(pairs.pixels().map(|pixel| times_fine(pixel[0].into(), pixel[1])).collect())
            }
            DynamicImage::ImageRgba16(colours) => {
                let shown = |pixel: &Rgba<u16>| times_fine(f32::from(pixel.to_luma()[0]), pixel[3]);
                Grey::Fine(colours.pixels().map(shown).collect())
            }
            // 16 bits, seldom all used; floats.
            other => Grey::Fine(other.to_luma32f().into_raw()),
        }
    }

    fn labels(&self) -> bool {
        match self {
            Grey::Coarse(bytes) => shown::labels(bytes.iter().map(|&byte| f32::from(byte))),
            Grey::Fine(values) => shown::labels(values.iter().map(|value| (value * 65_535.0).round())),
        }
    }

    fn blank(&self) -> bool {
        match self {
            Grey::Coarse(bytes) => bytes.windows(2).all(|pair| pair[0] == pair[1]),
            Grey::Fine(values) => shown::Window::of(values).is_none(),
        }
    }

    fn bytes(self, areas: bool) -> Vec<u8> {
        match self {
            Grey::Coarse(bytes) if areas => bytes.into_iter().map(|byte| shown::area(f32::from(byte))).collect(),
            Grey::Coarse(bytes) => bytes,
            Grey::Fine(values) if areas => values.into_iter().map(shown::area).collect(),
            Grey::Fine(values) => {
                let window = shown::Window::of(&values);
                values.into_iter().map(|value| window.map_or(0, |window| window.byte(value))).collect()
            }
        }
    }
}

fn dimmed(Rgba([red, green, blue, alpha]): Rgba<u8>) -> Rgba<u8> {
    Rgba([times(red, alpha), times(green, alpha), times(blue, alpha), alpha])
}

fn times(value: u8, alpha: u8) -> u8 {
    (u16::from(value) * u16::from(alpha) / 255) as u8
}

/// As much of 1 as the alpha leaves.
fn times_fine(value: f32, alpha: u16) -> f32 {
    value / 65_535.0 * (f32::from(alpha) / 65_535.0)
}

/// Whether a name says that areas are drawn in it, so that an empty one is good news rather than a broken picture.
fn says_mask(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["mask", "_seg", "-seg", "label"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
