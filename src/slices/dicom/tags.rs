//! Tags of the attributes that are read (PS3.6).

use super::elements::Tag;

pub(super) const TRANSFER_SYNTAX_UID: Tag = (0x0002, 0x0010);
pub(super) const IMAGE_TYPE: Tag = (0x0008, 0x0008);
/// Private elements of Siemens.
pub(super) const SIEMENS_IMAGES_IN_MOSAIC: Tag = (0x0019, 0x100A);
pub(super) const SIEMENS_IMAGE_HEADER: Tag = (0x0029, 0x1010);
pub(super) const SOP_CLASS_UID: Tag = (0x0008, 0x0016);
pub(super) const MODALITY: Tag = (0x0008, 0x0060);
pub(super) const PATIENT_ID: Tag = (0x0010, 0x0020);
pub(super) const PATIENT_IDENTITY_REMOVED: Tag = (0x0012, 0x0062);
pub(super) const STUDY_INSTANCE_UID: Tag = (0x0020, 0x000D);
pub(super) const SERIES_INSTANCE_UID: Tag = (0x0020, 0x000E);
pub(super) const INSTANCE_NUMBER: Tag = (0x0020, 0x0013);
pub(super) const IMAGE_POSITION: Tag = (0x0020, 0x0032);
pub(super) const IMAGE_ORIENTATION: Tag = (0x0020, 0x0037);
pub(super) const PLANE_POSITION_SEQUENCE: Tag = (0x0020, 0x9113);
pub(super) const PLANE_ORIENTATION_SEQUENCE: Tag = (0x0020, 0x9116);
pub(super) const SAMPLES_PER_PIXEL: Tag = (0x0028, 0x0002);
pub(super) const PHOTOMETRIC_INTERPRETATION: Tag = (0x0028, 0x0004);
pub(super) const PLANAR_CONFIGURATION: Tag = (0x0028, 0x0006);
pub(super) const NUMBER_OF_FRAMES: Tag = (0x0028, 0x0008);
pub(super) const ROWS: Tag = (0x0028, 0x0010);
pub(super) const COLUMNS: Tag = (0x0028, 0x0011);
pub(super) const PIXEL_SPACING: Tag = (0x0028, 0x0030);
pub(super) const BITS_ALLOCATED: Tag = (0x0028, 0x0100);
pub(super) const BITS_STORED: Tag = (0x0028, 0x0101);
pub(super) const HIGH_BIT: Tag = (0x0028, 0x0102);
pub(super) const PIXEL_REPRESENTATION: Tag = (0x0028, 0x0103);
pub(super) const PIXEL_PADDING_VALUE: Tag = (0x0028, 0x0120);
pub(super) const BURNED_IN_ANNOTATION: Tag = (0x0028, 0x0301);
pub(super) const WINDOW_CENTER: Tag = (0x0028, 0x1050);
pub(super) const WINDOW_WIDTH: Tag = (0x0028, 0x1051);
pub(super) const RESCALE_INTERCEPT: Tag = (0x0028, 0x1052);
pub(super) const RESCALE_SLOPE: Tag = (0x0028, 0x1053);
pub(super) const PIXEL_MEASURES_SEQUENCE: Tag = (0x0028, 0x9110);
pub(super) const FRAME_VOI_LUT_SEQUENCE: Tag = (0x0028, 0x9132);
pub(super) const PIXEL_VALUE_TRANSFORMATION_SEQUENCE: Tag = (0x0028, 0x9145);
pub(super) const SHARED_FUNCTIONAL_GROUPS: Tag = (0x5200, 0x9229);
pub(super) const PER_FRAME_FUNCTIONAL_GROUPS: Tag = (0x5200, 0x9230);

/// All of the above that are in a data set. Other elements are skipped, except for those about a person.
pub(super) const IMAGE_TAGS: [Tag; 36] = [
    IMAGE_TYPE,
    SIEMENS_IMAGES_IN_MOSAIC,
    SIEMENS_IMAGE_HEADER,
    SOP_CLASS_UID,
    MODALITY,
    PATIENT_ID,
    PATIENT_IDENTITY_REMOVED,
    STUDY_INSTANCE_UID,
    SERIES_INSTANCE_UID,
    INSTANCE_NUMBER,
    IMAGE_POSITION,
    IMAGE_ORIENTATION,
    PLANE_POSITION_SEQUENCE,
    PLANE_ORIENTATION_SEQUENCE,
    SAMPLES_PER_PIXEL,
    PHOTOMETRIC_INTERPRETATION,
    PLANAR_CONFIGURATION,
    NUMBER_OF_FRAMES,
    ROWS,
    COLUMNS,
    PIXEL_SPACING,
    BITS_ALLOCATED,
    BITS_STORED,
    HIGH_BIT,
    PIXEL_REPRESENTATION,
    PIXEL_PADDING_VALUE,
    BURNED_IN_ANNOTATION,
    WINDOW_CENTER,
    WINDOW_WIDTH,
    RESCALE_INTERCEPT,
    RESCALE_SLOPE,
    PIXEL_MEASURES_SEQUENCE,
    FRAME_VOI_LUT_SEQUENCE,
    PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    SHARED_FUNCTIONAL_GROUPS,
    PER_FRAME_FUNCTIONAL_GROUPS,
];
