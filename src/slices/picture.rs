//! Reads PNG, JPEG, BMP and TIFF pictures.

mod grey;
mod jpeg;
mod metadata;
mod tiff;

use std::io::Cursor;

use image::error::LimitErrorKind;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

use super::decoded::{DecodedFile, Format, Refusal};
use super::limits::{MAX_PHOTO_SIDE, MAX_SIDE, MAX_SLICES, MIN_SIDE};
use super::raster::Raster;
use super::{burned_in, window};
use crate::mark::ImageKind;
use crate::slice::MASK_THRESHOLD;
use grey::GreyPixels;

/// Most bytes that decoding may reserve. A colour picture of the largest size with 8 bits a channel needs about half.
const MAX_DECODE_BYTES: u64 = 96 << 20;

/// The pages of a picture, all of one size. Only TIFF files have several.
struct Pages {
    width: usize,
    height: usize,
    /// The pixels of all pages.
    grey: GreyPixels,
    /// For a picture with colours, how saturated each pixel is.
    saturation: Option<Raster>,
    /// Orientation as in EXIF, 1 to 8.
    orientation: u16,
}

/// Reads a picture of this format. The pages of a TIFF file are the slices of a volume.
///
/// # Errors
/// If the picture is damaged, all its pixels are equal, or it is beyond a limit.
pub fn open(path: &str, format: Format, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let tiff = if format == Format::Tiff { tiff::grey_pages(bytes)? } else { None };
    let Pages { width, height, grey, saturation, orientation } = match tiff {
        Some(pages) => pages,
        None => single_page(format, bytes)?,
    };
    if width.min(height) < MIN_SIDE {
        return Err(Refusal::TooSmall);
    }
    let mut file = DecodedFile::new(path, format);
    let own = metadata::own_picture(format, bytes);
    file.labels = match own {
        Some(kind) => kind == ImageKind::Mask,
        None => grey.is_label_map() || (grey.is_blank() && is_named_mask(path)),
    };
    if grey.is_blank() && !file.labels {
        return Err(Refusal::Blank);
    }
    let (mut pixels, window) = grey.into_bytes(file.labels);
    file.window = window.filter(|_| !file.labels);
    if own == Some(ImageKind::Mask) {
        // It may be a soft one, of which not every pixel above 0 is tumour.
        pixels.iter_mut().for_each(|pixel| *pixel = if *pixel >= MASK_THRESHOLD { 255 } else { 0 });
    }
    let pages = pixels.len() / (width * height);
    for page in pixels.chunks_exact(width * height).step_by(pages.div_ceil(MAX_SLICES).max(1)) {
        let picture = Raster::new(width, height, page.to_vec()).map_err(|_| Refusal::Damaged(format))?;
        file.burned_in |= !file.labels && burned_in::has_text(&picture);
        let kept = if file.labels { window::shrink_labels(picture) } else { window::shrink_to_kept(picture) };
        file.slices.push(oriented(kept, orientation));
    }
    file.burned_in |= !file.labels && saturation.is_some_and(|saturation| burned_in::has_text(&saturation));
    file.volume = file.slices.len() > 1;
    file.personal = metadata::personal_fields(format, bytes);
    Ok(file)
}

/// The grey levels of a photograph, as large as it is. Of a TIFF file the first page.
///
/// # Errors
/// If the photograph is damaged or beyond a limit: a side of at most [`MAX_PHOTO_SIDE`] pixels.
pub fn open_photo(format: Format, bytes: &[u8]) -> Result<Raster, Refusal> {
    let grey = decode(format, bytes, MAX_PHOTO_SIDE)?.into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    Raster::new(width, height, grey.into_raw()).map_err(|_| Refusal::Damaged(format))
}

/// The only page of a picture that the `image` crate reads.
fn single_page(format: Format, bytes: &[u8]) -> Result<Pages, Refusal> {
    let decoded = match format {
        Format::Jpeg => jpeg::decode_whole(bytes, |bytes| decode(format, bytes, MAX_SIDE))?,
        _ => decode(format, bytes, MAX_SIDE)?,
    };
    let (width, height) = (decoded.width() as usize, decoded.height() as usize);
    let saturation = grey::saturation(&decoded);
    let orientation = metadata::orientation(format, bytes);
    Ok(Pages { width, height, grey: GreyPixels::of(decoded), saturation, orientation })
}

fn decode(format: Format, bytes: &[u8], max_side: usize) -> Result<DynamicImage, Refusal> {
    let image_format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
        _ => ImageFormat::Png,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(max_side as u32), Some(max_side as u32));
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

/// The picture turned upright. The orientations are those of EXIF: 1 is upright, 6 is rotated by 90 degrees.
fn oriented(picture: Raster, orientation: u16) -> Raster {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    let at = |x: usize, y: usize| picture.pixels()[y * picture.width() + x];
    let kept = |pixel: &dyn Fn(usize, usize) -> u8| Raster::from_fn(right + 1, bottom + 1, pixel);
    let turned = |pixel: &dyn Fn(usize, usize) -> u8| Raster::from_fn(bottom + 1, right + 1, pixel);
    match orientation {
        2 => kept(&|x, y| at(right - x, y)),
        3 => kept(&|x, y| at(right - x, bottom - y)),
        4 => kept(&|x, y| at(x, bottom - y)),
        5 => turned(&|x, y| at(y, x)),
        6 => turned(&|x, y| at(y, bottom - x)),
        7 => turned(&|x, y| at(right - y, bottom - x)),
        8 => turned(&|x, y| at(right - y, x)),
        _ => picture,
    }
}

/// Names of folders of segmentation masks.
const MASK_FOLDERS: [&str; 7] = ["mask", "masks", "label", "labels", "seg", "segmentation", "segmentations"];

/// Whether the name of the file or of a folder marks a segmentation mask. An empty mask is valid; an empty scan is not.
fn is_named_mask(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    ["mask", "_seg", "-seg", "label"].iter().any(|word| name.contains(word))
        || parts.any(|folder| MASK_FOLDERS.contains(&folder))
}

#[cfg(test)]
mod tests;
