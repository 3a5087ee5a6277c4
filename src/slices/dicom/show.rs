//! From what a file says and its pixels to slices.

use dicom_dictionary_std::tags;
use sha2::{Digest, Sha256};

use super::coding::{Coding, Pixels};
use super::fields::Fields;
use super::frames::{self, Shape};
use super::lie::{self, Lie};
use super::{DAMAGED, Refusal};
use crate::slices::limits::{MAX_SAMPLES, MAX_SIDE, MIN_SIDE};
use crate::slices::nrrd::Volume;
use crate::slices::open::{Format, Found, Plane};
use crate::slices::raster::Raster;
use crate::slices::shown::{self, Window};
use crate::slices::{burnt, identity};

/// Start of the names of what is no scan but a picture of one.
const CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
/// Devices whose pictures have words in them: ultrasound, captured screens, and others.
const WRITTEN: [&str; 3] = ["US", "SC", "OT"];
/// Part of a picture that a sensible window leaves neither black nor white.
const SENSIBLE: f32 = 0.03;

/// The slices of a file.
pub(super) fn found(path: &str, file: Fields, coding: Coding, pixels: &[u8]) -> Result<Found, Refusal> {
    let shape = shape(file, coding)?;
    let values = values(file, shape, coding.pixels, pixels)?;
    let lies: Option<Vec<Lie>> = (0..shape.frames).map(|frame| Lie::of(file, frame)).collect();
    let first = lies.as_deref().and_then(|lies| lies.first()).copied();
    let (volume, turned) = arrange(file, shape, values, lies.as_deref());

    let inverted = file.text(tags::PHOTOMETRIC_INTERPRETATION).as_deref() == Some("MONOCHROME1");
    let window = window(file, &volume.values).ok_or(Refusal::Blank)?;
    let byte = |value: f32| match inverted && !value.is_nan() {
        true => 255 - window.byte(value),
        false => window.byte(value),
    };
    let mut found = Found::new(path, Format::Dicom);
    found.burnt_in = written(file, &volume, byte);
    found.slices = shown::slices(&volume, byte);
    found.volume = found.slices.len() > 1;
    found.group = group(file);
    found.position = if found.volume { None } else { first.and_then(|lie| lie.position()).map(|mm| mm as f32) };
    found.plane = if turned { Some(Plane::Axial) } else { first.map(|lie| lie.plane()) };
    found.personal = identity::of_dicom(file);
    Ok(found)
}

fn shape(file: Fields, coding: Coding) -> Result<Shape, Refusal> {
    if file.text(tags::SOP_CLASS_UID).is_some_and(|class| class.starts_with(CAPTURE)) {
        return Err(Refusal::Capture);
    }
    let kind = file.text(tags::PHOTOMETRIC_INTERPRETATION).ok_or(DAMAGED)?;
    if !kind.starts_with("MONOCHROME") || file.whole(tags::SAMPLES_PER_PIXEL).unwrap_or(1) != 1 {
        return Err(Refusal::Colour);
    }
    let columns = file.whole(tags::COLUMNS).ok_or(DAMAGED)?;
    let rows = file.whole(tags::ROWS).ok_or(DAMAGED)?;
    // A number in words: what is no number is a lie as well.
    let frames = match file.text(tags::NUMBER_OF_FRAMES) {
        Some(text) => text.parse().map_err(|_| DAMAGED)?,
        None => 1_usize,
    };
    let samples = [columns, rows, frames].iter().try_fold(1_usize, |product, side| product.checked_mul(*side));
    if columns.max(rows) > MAX_SIDE || samples.is_none_or(|samples| samples > MAX_SAMPLES) {
        return Err(Refusal::TooBig);
    }
    if columns.min(rows) < MIN_SIDE {
        return Err(Refusal::TooSmall);
    }
    if frames == 0 {
        return Err(DAMAGED);
    }
    let bits = file.whole(tags::BITS_ALLOCATED).ok_or(DAMAGED)?;
    let bytes = match (bits, coding.pixels) {
        (8, _) => 1,
        (16, _) => 2,
        (32, Pixels::Plain) => 4,
        _ => return Err(Refusal::Coding),
    };
    let stored = file.whole(tags::BITS_STORED).unwrap_or(bits);
    if !(1..=bits).contains(&stored) {
        return Err(DAMAGED);
    }
    // Nearly always the lowest bits, as the standard has it by now.
    let below =
        (file.whole(tags::HIGH_BIT).unwrap_or(stored - 1).saturating_add(1)).checked_sub(stored).ok_or(DAMAGED)?;
    if below + stored > bits {
        return Err(DAMAGED);
    }
    let signed = file.whole(tags::PIXEL_REPRESENTATION) == Some(1);
    let big_endian = coding.writing.big_endian;
    Ok(Shape { columns, rows, frames, bytes, stored: stored as u32, below: below as u32, signed, big_endian })
}

/// Numbers as the scanner meant them; what it put around the picture is no number.
fn values(file: Fields, shape: Shape, coding: Pixels, pixels: &[u8]) -> Result<Vec<f32>, Refusal> {
    // As it would be written in the pixels: some say a number below 0 as if there were none.
    let padding = file.signed(tags::PIXEL_PADDING_VALUE).map(|number| shape.counted(number as u32));
    // Scanners that write many frames may stretch each in its own way.
    let meant = |frame| {
        let meant = file.of_frame(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
        let [slope] = meant.numbers(tags::RESCALE_SLOPE).filter(|[slope]| *slope != 0.0).unwrap_or([1.0]);
        let [shift] = meant.numbers(tags::RESCALE_INTERCEPT).unwrap_or([0.0]);
        (slope, shift)
    };
    let pixels_of_one = shape.columns * shape.rows;
    let ((mut slope, mut shift), mut next) = (meant(0), pixels_of_one);
    let mut values = Vec::new();
    // What is coded may be much smaller than what it says it is.
    if coding == Pixels::Plain {
        values.reserve_exact(shape.columns * shape.rows * shape.frames);
    }
    frames::each(shape, coding, pixels, |number| {
        if values.len() == next {
            ((slope, shift), next) = (meant(next / pixels_of_one), next + pixels_of_one);
        }
        values.push(match padding == Some(number) {
            true => f32::NAN,
            false => (number as f64 * slope + shift) as f32,
        });
    })?;
    Ok(values)
}

/// The frames as a volume, and whether it was turned upright: several frames if they can be, one if it is axial.
fn arrange(file: Fields, shape: Shape, values: Vec<f32>, lies: Option<&[Lie]>) -> (Volume, bool) {
    let sizes = [shape.columns, shape.rows, shape.frames];
    if let Some(lies) = lies.filter(|lies| lies.len() > 1 || lies.iter().all(|lie| lie.plane() == Plane::Axial))
        && let Some(volume) = lie::stack(sizes, lies, &values)
        && volume.sizes[0].min(volume.sizes[1]) >= MIN_SIDE
    {
        return (volume, true);
    }
    let [across, down] = lie::spacing(file, 0);
    (Volume { sizes, spacing: [across, down, 1.0], corner: [0.0; 3], values }, false)
}

/// As the file wants to be seen, unless that shows next to nothing.
fn window(file: Fields, values: &[f32]) -> Option<Window> {
    let own = Window::of(values)?;
    let told = || {
        let file = file.of_frame(0, tags::FRAME_VOILUT_SEQUENCE);
        let ([centre], [width]) = (file.numbers(tags::WINDOW_CENTER)?, file.numbers(tags::WINDOW_WIDTH)?);
        Window::around(centre, width)
    };
    let sensible = |window: &Window| {
        let grey = values.iter().filter(|value| !matches!(window.byte(**value), 0 | 255)).count();
        grey as f32 >= SENSIBLE * values.len() as f32
    };
    Some(told().filter(sensible).unwrap_or(own))
}

/// Whether the file says, or its middle slice looks as if, words are drawn into it.
fn written(file: Fields, volume: &Volume, byte: impl Fn(f32) -> u8) -> bool {
    let says = file.text(tags::BURNED_IN_ANNOTATION).is_some_and(|text| text == "YES");
    let device = file.text(tags::MODALITY).is_some_and(|kind| WRITTEN.contains(&kind.as_str()));
    let [width, height, depth] = volume.sizes;
    let slice = volume.slice(depth / 2).iter().map(|value| byte(*value)).collect();
    says || device || Raster::new(width, height, slice).is_ok_and(|slice| burnt::looks_written(&slice))
}

/// The same for one series; the upper half for one patient.
fn group(file: Fields) -> Option<u64> {
    let half = |text: &str| {
        let digest = Sha256::digest(text);
        digest.iter().take(4).fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let patient = file.text(tags::PATIENT_ID).or_else(|| file.text(tags::STUDY_INSTANCE_UID));
    let series = file.text(tags::SERIES_INSTANCE_UID);
    let known = patient.as_deref().or(series.as_deref())?;
    Some(half(known) << 32 | half(series.as_deref().unwrap_or(known)))
}
