//! Turns the attributes and pixels of a file into slices.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::attributes::{Attributes, FrameAttributes};
use super::layout::PixelLayout;
use super::orientation::{self, ImagePlane};
use super::transfer_syntax::{PixelEncoding, TransferSyntax};
use super::{colour, frames, mosaic, personal, tags};
use crate::slices::burned_in;
use crate::slices::decoded::{DecodedFile, Format, Plane, Refusal};
use crate::slices::limits::MIN_SIDE;
use crate::slices::raster::Raster;
use crate::slices::volume::Volume;
use crate::slices::window::IntensityWindow;

/// Start of the SOP class UIDs of Secondary Capture images.
const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
/// Modalities whose images usually contain text: ultrasound, secondary capture and other.
const TEXT_MODALITIES: [&str; 3] = ["US", "SC", "OT"];
/// A window of the file is used if at least this fraction of the pixels becomes neither black nor white.
const MIN_GREY: f32 = 0.03;
/// A window of the file is used if it is at most this many times as wide as the values.
const MAX_WIDTH: f32 = 2.0;

/// The slices of a file with this value of its pixel data.
pub(super) fn decode(
    path: &str,
    file: &Attributes,
    syntax: TransferSyntax,
    pixel_data: &[u8],
) -> Result<DecodedFile, Refusal> {
    let of_capture = |refusal| match refusal {
        Refusal::Colour if is_secondary_capture(file) => Refusal::ScreenCapture,
        refusal => refusal,
    };
    let layout = PixelLayout::of(file, syntax).map_err(of_capture)?;
    let pixel_data = match syntax.pixels {
        PixelEncoding::Native => colour::one_channel(file, &layout, pixel_data).map_err(of_capture)?,
        _ => Cow::Borrowed(pixel_data),
    };
    if mosaic::is_mosaic(file) {
        return Err(Refusal::Mosaic);
    }
    let frame_attributes = FrameAttributes::of(file);
    let values = values(file, &frame_attributes, layout, syntax.pixels, &pixel_data).map_err(of_capture)?;
    let planes: Option<Vec<ImagePlane>> =
        (0..layout.frames).map(|frame| ImagePlane::of(&frame_attributes, frame)).collect();
    let first = planes.as_deref().and_then(|planes| planes.first()).copied();
    let (volume, reoriented) = volume(&frame_attributes, layout, values, planes.as_deref());

    let inverted = file.text(tags::PHOTOMETRIC_INTERPRETATION).as_deref() == Some("MONOCHROME1");
    let window = window(&frame_attributes, &volume.values).ok_or(Refusal::Blank)?;
    let byte = |value: f32| match inverted && !value.is_nan() {
        true => 255 - window.byte(value),
        false => window.byte(value),
    };
    let mut decoded = DecodedFile::new(path, Format::Dicom);
    decoded.burned_in = has_burned_in_text(file, &volume, byte);
    decoded.slices = volume.kept_slices(byte);
    let [black, white] = window.range();
    decoded.window = Some(if inverted { [white, black] } else { [black, white] });
    decoded.volume = decoded.slices.len() > 1;
    decoded.group = group(file);
    // Without a position in the patient, the instance number sorts the slices of a series.
    let number = || file.unsigned(tags::INSTANCE_NUMBER).map(|number| number as f64);
    let position = first.and_then(|plane| plane.position()).or_else(number).map(|position| position as f32);
    decoded.position = position.filter(|_| !decoded.volume);
    decoded.plane = if reoriented { Some(Plane::Axial) } else { first.map(|plane| plane.anatomical()) };
    decoded.personal = personal::fields(file);
    Ok(decoded)
}

/// The values of all pixels after the rescale slope and intercept. Padding becomes NaN.
fn values(
    file: &Attributes,
    frame_attributes: &FrameAttributes,
    layout: PixelLayout,
    encoding: PixelEncoding,
    pixel_data: &[u8],
) -> Result<Vec<f32>, Refusal> {
    // Converted like a pixel: some programs write a negative padding value as unsigned.
    let padding = file.unsigned(tags::PIXEL_PADDING_VALUE).map(|number| layout.value_of_bits(number as u32));
    // Each frame may have a rescale of its own.
    let rescale = |frame| {
        let number = |tag| frame_attributes.numbers(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tag);
        let [slope] = number(tags::RESCALE_SLOPE).filter(|[slope]| *slope != 0.0).unwrap_or([1.0]);
        let [intercept] = number(tags::RESCALE_INTERCEPT).unwrap_or([0.0]);
        (slope, intercept)
    };
    let frame_pixels = layout.pixels();
    let ((mut slope, mut intercept), mut next_frame) = (rescale(0), frame_pixels);
    let mut values = Vec::new();
    // Encapsulated frames may claim more pixels than they have, so memory grows with what is decoded.
    if encoding == PixelEncoding::Native {
        values.reserve_exact(frame_pixels * layout.frames);
    }
    frames::for_each_value(layout, encoding, pixel_data, |stored| {
        if values.len() == next_frame {
            ((slope, intercept), next_frame) = (rescale(next_frame / frame_pixels), next_frame + frame_pixels);
        }
        values.push(match padding == Some(stored) {
            true => f32::NAN,
            false => (stored as f64 * slope + intercept) as f32,
        });
    })?;
    Ok(values)
}

/// The frames as a volume, and whether they were reoriented. Several frames are reoriented if they form a stack, a single
/// one if it is axial.
fn volume(
    file: &FrameAttributes,
    layout: PixelLayout,
    values: Vec<f32>,
    planes: Option<&[ImagePlane]>,
) -> (Volume, bool) {
    let sizes = [layout.columns, layout.rows, layout.frames];
    let is_axial = |plane: &ImagePlane| plane.anatomical() == Plane::Axial;
    if let Some(planes) = planes.filter(|planes| planes.len() > 1 || planes.iter().all(is_axial))
        && let Some(volume) = orientation::stack(sizes, planes, &values)
        && volume.sizes[0].min(volume.sizes[1]) >= MIN_SIDE
    {
        return (volume, true);
    }
    let [across, down] = orientation::spacing(file, 0);
    (Volume { sizes, spacing: [across, down, 1.0], corner: [0.0; 3], values }, false)
}

/// The window of the file, or one that fits the values if the file has none, or its window shows next to nothing or is far
/// too wide.
fn window(file: &FrameAttributes, values: &[f32]) -> Option<IntensityWindow> {
    let fitted = IntensityWindow::of(values)?;
    let given = || {
        let number = |tag| file.numbers(0, tags::FRAME_VOI_LUT_SEQUENCE, tag);
        let ([centre], [width]) = (number(tags::WINDOW_CENTER)?, number(tags::WINDOW_WIDTH)?);
        IntensityWindow::around(centre, width)
    };
    let shows_enough = |window: &IntensityWindow| {
        let grey = values.iter().filter(|value| !matches!(window.byte(**value), 0 | 255)).count();
        grey as f32 >= MIN_GREY * values.len() as f32 && window.width() <= MAX_WIDTH * fitted.width()
    };
    Some(given().filter(shows_enough).unwrap_or(fitted))
}

/// Whether the file says that text is burned into its pixels, or the middle slice looks like it.
fn has_burned_in_text(file: &Attributes, volume: &Volume, byte: impl Fn(f32) -> u8) -> bool {
    let says = file.text(tags::BURNED_IN_ANNOTATION).is_some_and(|text| text == "YES");
    let modality = file.text(tags::MODALITY).is_some_and(|modality| TEXT_MODALITIES.contains(&modality.as_str()));
    let [width, height, depth] = volume.sizes;
    let slice = volume.slice(depth / 2).iter().map(|value| byte(*value)).collect();
    says || modality
        || is_secondary_capture(file)
        || Raster::new(width, height, slice).is_ok_and(|slice| burned_in::has_text(&slice))
}

/// Whether the SOP class is Secondary Capture: an image that another program wrote, which may contain text.
fn is_secondary_capture(file: &Attributes) -> bool {
    file.text(tags::SOP_CLASS_UID).is_some_and(|class| class.starts_with(SECONDARY_CAPTURE))
}

/// See [`DecodedFile::group`].
fn group(file: &Attributes) -> Option<u64> {
    let half = |text: &str| {
        let digest = Sha256::digest(text);
        digest.iter().take(4).fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let patient = file.text(tags::PATIENT_ID).or_else(|| file.text(tags::STUDY_INSTANCE_UID));
    let series = file.text(tags::SERIES_INSTANCE_UID);
    let known = patient.as_deref().or(series.as_deref())?;
    Some(half(known) << 32 | half(series.as_deref().unwrap_or(known)))
}
