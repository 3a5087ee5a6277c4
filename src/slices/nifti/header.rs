//! Parses the headers of NIfTI-1 (`nifti1.h`) and NIfTI-2 (`nifti2.h`).

use crate::slices::decoded::PersonalField;
use crate::slices::sample_type::SampleType;

/// Bytes of the header of NIfTI-1, with the 4 bytes that say whether extensions follow.
pub(super) const HEADER_1_BYTES: usize = 352;
/// The same of NIfTI-2.
pub(super) const HEADER_2_BYTES: usize = 544;

/// The fields of a header that reading needs.
#[derive(Debug, Clone)]
pub(super) struct NiftiHeader {
    /// Bytes of the header: [`HEADER_1_BYTES`] or [`HEADER_2_BYTES`].
    pub(super) bytes: usize,
    pub(super) big_endian: bool,
    /// Number of dimensions, then the size in each.
    pub(super) dim: [i64; 8],
    /// `None` for samples that are not intensities: colours and complex numbers.
    pub(super) sample_type: Option<SampleType>,
    /// The sign of the third axis, then the spacing along each axis.
    pub(super) pixdim: [f64; 8],
    /// Offset of the samples in the file.
    pub(super) vox_offset: f64,
    pub(super) slope: f64,
    pub(super) intercept: f64,
    pub(super) xyzt_units: u8,
    pub(super) qform_code: i32,
    pub(super) sform_code: i32,
    /// The second to fourth part of the unit quaternion.
    pub(super) quaternion: [f64; 3],
    pub(super) qoffset: [f64; 3],
    /// The rows of the affine matrix.
    pub(super) srow: [[f64; 4]; 3],
    /// Kinds of personal fields in its texts.
    pub(super) personal: Vec<PersonalField>,
}

/// Whether the first number is the size of a header of NIfTI, in either byte order.
pub(super) fn begins_with_size(bytes: &[u8]) -> bool {
    let size: Option<[u8; 4]> = bytes.get(..4).and_then(|size| size.try_into().ok());
    size.is_some_and(|size| {
        [i32::from_le_bytes(size), i32::from_be_bytes(size)].iter().any(|size| matches!(size, 348 | 540))
    })
}

impl NiftiHeader {
    /// Parses the header at the start of a file. `None` if it is truncated or is not a NIfTI header.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let size: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
        for (big_endian, size) in [(false, i32::from_le_bytes(size)), (true, i32::from_be_bytes(size))] {
            let numbers = HeaderNumbers { bytes, big_endian };
            match size {
                348 => return numbers.header_1(),
                540 => return numbers.header_2(),
                _ => {}
            }
        }
        None
    }
}

/// Reads numbers at offsets of a header.
struct HeaderNumbers<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl HeaderNumbers<'_> {
    fn header_1(&self) -> Option<NiftiHeader> {
        self.bytes.get(..HEADER_1_BYTES)?;
        Some(NiftiHeader {
            bytes: HEADER_1_BYTES,
            big_endian: self.big_endian,
            dim: self.array(40, 2, |bytes| i16::from_le_bytes(bytes).into()),
            sample_type: sample_type(self.i16(70)),
            pixdim: self.floats_32(76),
            vox_offset: self.floats_32::<1>(108)[0],
            slope: self.floats_32::<1>(112)[0],
            intercept: self.floats_32::<1>(116)[0],
            xyzt_units: self.bytes[123],
            qform_code: self.i16(252).into(),
            sform_code: self.i16(254).into(),
            quaternion: self.floats_32(256),
            qoffset: self.floats_32(268),
            srow: [280, 296, 312].map(|at| self.floats_32(at)),
            personal: self.personal(14..32, [148..228, 228..252, 328..344]),
        })
    }

    fn header_2(&self) -> Option<NiftiHeader> {
        self.bytes.get(..HEADER_2_BYTES)?;
        Some(NiftiHeader {
            bytes: HEADER_2_BYTES,
            big_endian: self.big_endian,
            dim: self.array(16, 8, i64::from_le_bytes),
            sample_type: sample_type(self.i16(12)),
            pixdim: self.floats_64(104),
            vox_offset: self.array::<1, 8, i64>(168, 8, i64::from_le_bytes)[0] as f64,
            slope: self.floats_64::<1>(176)[0],
            intercept: self.floats_64::<1>(184)[0],
            xyzt_units: self.i32(500) as u8,
            qform_code: self.i32(344),
            sform_code: self.i32(348),
            quaternion: self.floats_64(352),
            qoffset: self.floats_64(376),
            srow: [400, 432, 464].map(|at| self.floats_64(at)),
            personal: self.personal(0..0, [240..320, 320..344, 508..524]),
        })
    }

    /// `N` numbers of `B` bytes from an offset that is within the header.
    fn array<const N: usize, const B: usize, T>(&self, at: usize, bytes: usize, of: impl Fn([u8; B]) -> T) -> [T; N] {
        std::array::from_fn(|index| {
            let start = at + index * bytes;
            let mut number: [u8; B] = std::array::from_fn(|byte| self.bytes[start + byte]);
            if self.big_endian {
                number.reverse();
            }
            of(number)
        })
    }

    fn floats_32<const N: usize>(&self, at: usize) -> [f64; N] {
        self.array(at, 4, |bytes| f32::from_le_bytes(bytes).into())
    }

    fn floats_64<const N: usize>(&self, at: usize) -> [f64; N] {
        self.array(at, 8, f64::from_le_bytes)
    }

    fn i16(&self, at: usize) -> i16 {
        self.array::<1, 2, i16>(at, 2, i16::from_le_bytes)[0]
    }

    fn i32(&self, at: usize) -> i32 {
        self.array::<1, 4, i32>(at, 4, i32::from_le_bytes)[0]
    }

    /// The kinds of personal fields in the database name and in the free texts.
    fn personal(&self, db_name: std::ops::Range<usize>, texts: [std::ops::Range<usize>; 3]) -> Vec<PersonalField> {
        let has_text = |field: &std::ops::Range<usize>| {
            let field = self.bytes.get(field.clone()).unwrap_or_default();
            field.iter().take_while(|byte| **byte != 0).any(u8::is_ascii_alphanumeric)
        };
        let kinds =
            [(has_text(&db_name), PersonalField::PatientId), (texts.iter().any(has_text), PersonalField::FreeText)];
        PersonalField::unique(kinds.into_iter().filter_map(|(present, kind)| present.then_some(kind)))
    }
}

/// The number type with this code.
fn sample_type(code: i16) -> Option<SampleType> {
    Some(match code {
        2 => SampleType::U8,
        4 => SampleType::I16,
        8 => SampleType::I32,
        16 => SampleType::F32,
        64 => SampleType::F64,
        256 => SampleType::I8,
        512 => SampleType::U16,
        768 => SampleType::U32,
        1024 => SampleType::I64,
        1280 => SampleType::U64,
        _ => return None,
    })
}
