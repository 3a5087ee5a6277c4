//! Valid and damaged volumes in all orientations.

use super::*;
use crate::slices::decoded::{PersonalField, Plane};
use crate::slices::forge::{self, Nifti};
use crate::slices::limits::MIN_SIDE;

const SIZES: [usize; 3] = [12, 10, 9];

/// Samples that increase by 1 along the first axis, by 12 along the second and by 120 along the third.
fn places() -> Vec<i16> {
    (0..SIZES.iter().product::<usize>() as i16).collect()
}

fn volume(change: impl FnOnce(&mut Nifti)) -> Vec<u8> {
    let mut file = Nifti::new(SIZES, &places());
    change(&mut file);
    file.bytes()
}

fn found(change: impl FnOnce(&mut Nifti)) -> DecodedFile {
    open("a.nii", &volume(change)).unwrap()
}

fn refusal(change: impl FnOnce(&mut Nifti)) -> Refusal {
    open("a.nii", &volume(change)).unwrap_err()
}

/// The grey level of a sample, if `most` becomes white.
fn grey(value: f32, most: f32) -> u8 {
    (value / most * 255.0).round().min(255.0) as u8
}

/// The sample that becomes white: 0.1 % are brighter.
const WHITE: f32 = 1077.0;

#[test]
fn axes_right_and_front_are_flipped() {
    // The first axis leads to the right and the second to the front.
    let found = found(|_| {});
    assert_eq!((found.slices.len(), found.plane, found.volume), (9, Some(Plane::Axial), true));
    for (z, slice) in found.slices.iter().enumerate() {
        assert_eq!((slice.width(), slice.height()), (12, 10));
        for (index, pixel) in slice.pixels().iter().enumerate() {
            let (x, y) = (11 - index % 12, 9 - index / 12);
            let wanted = grey((x + 12 * y + 120 * z) as f32, WHITE);
            assert!(pixel.abs_diff(wanted) <= 1, "{x} {y} {z}: {pixel} and not {wanted}");
        }
    }
}

#[test]
fn every_storage_order_gives_the_same_slices() {
    let upright = found(|_| {}).slices;
    // The first axis leads to the left.
    let mirrored = |file: &mut Nifti| {
        file.rows = [[-1.0, 0.0, 0.0, 11.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
        let rows: Vec<i16> = places().chunks(12).flat_map(|row| row.iter().rev().copied()).collect();
        file.data = rows.into_iter().flat_map(i16::to_le_bytes).collect();
    };
    assert_eq!(found(mirrored).slices, upright);
    // Sagittal storage: the axes lead to the front, to the head and to the right.
    let sagittal = |file: &mut Nifti| {
        file.dim[1..4].copy_from_slice(&[10, 9, 12]);
        file.rows = [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]];
        let samples = (0..1080_i16).map(|index| index / 90 + 12 * (index % 10) + 120 * (index / 10 % 9));
        file.data = samples.flat_map(i16::to_le_bytes).collect();
    };
    assert_eq!(found(sagittal).slices, upright);
}

#[test]
fn the_qform_gives_the_same_as_the_sform() {
    let turned = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = volume(|file| file.sform = 0);
        bytes[252..254].copy_from_slice(&1_i16.to_le_bytes());
        change(&mut bytes);
        open("a.nii", &bytes).unwrap().slices
    };
    let number = |bytes: &mut Vec<u8>, at: usize, number: f32| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    assert_eq!(turned(&|_| {}), found(|_| {}).slices);
    // A rotation by 180 degrees about the axis from feet to head.
    let half = found(|file| (file.rows[0][0], file.rows[1][1]) = (-1.0, -1.0)).slices;
    assert_eq!(turned(&|bytes| number(bytes, 264, 1.0)), half);
    // A negative qfac mirrors the third axis.
    let mirrored = found(|file| file.rows[2][2] = -1.0).slices;
    assert_eq!(turned(&|bytes| number(bytes, 76, -1.0)), mirrored);
    // A matrix of zeros is skipped.
    let mut both = volume(|file| file.rows = [[0.0; 4]; 3]);
    both[252..254].copy_from_slice(&1_i16.to_le_bytes());
    assert_eq!(open("a.nii", &both).unwrap().slices, found(|_| {}).slices);
}

#[test]
fn without_orientation_the_axes_are_right_front_and_head() {
    let plain = found(|file| file.sform = 0);
    assert_eq!((plain.slices, plain.plane), (found(|_| {}).slices, None));
}

#[test]
fn every_sample_type_is_read_in_both_byte_orders() {
    let small = |value: &i16| value % 100;
    let wanted = {
        let data = places().iter().map(small).flat_map(i16::to_le_bytes).collect();
        found(|file| file.data = data).slices
    };
    type Write = fn(i16) -> Vec<u8>;
    let kinds: [(i16, i16, Write); 9] = [
        (2, 8, |value| vec![value as u8]),
        (256, 8, |value| vec![value as u8]),
        (512, 16, |value| (value as u16).to_le_bytes().to_vec()),
        (8, 32, |value| i32::from(value).to_le_bytes().to_vec()),
        (768, 32, |value| (value as u32).to_le_bytes().to_vec()),
        (1024, 64, |value| i64::from(value).to_le_bytes().to_vec()),
        (1280, 64, |value| (value as u64).to_le_bytes().to_vec()),
        (16, 32, |value| f32::from(value).to_le_bytes().to_vec()),
        (64, 64, |value| f64::from(value).to_le_bytes().to_vec()),
    ];
    for (kind, bits, write) in kinds {
        let data: Vec<u8> = places().iter().map(small).flat_map(write).collect();
        let as_said = |file: &mut Nifti| (file.datatype, file.bits, file.data) = (kind, bits, data);
        assert_eq!(found(as_said).slices, wanted, "kind {kind}");
    }
    let little = volume(|_| {});
    let mut big = little.clone();
    for (start, end, size) in [(0, 4, 4), (40, 56, 2), (70, 74, 2), (76, 120, 4), (252, 256, 2), (280, 328, 4)] {
        big[start..end].chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    big[352..].chunks_exact_mut(2).for_each(<[u8]>::reverse);
    assert_eq!(open("a.nii", &big).unwrap().slices, open("a.nii", &little).unwrap().slices);
}

#[test]
fn slope_and_intercept_are_applied() {
    let wanted = found(|_| {}).slices;
    assert_eq!(found(|file| file.slope = 2.5).slices, wanted);
    for invalid in [0.0, f32::NAN, f32::INFINITY] {
        assert_eq!(found(|file| file.slope = invalid).slices, wanted);
    }
    // A negative slope: dark becomes bright.
    let mut bytes = volume(|file| file.slope = -1.0);
    bytes[116..120].copy_from_slice(&1079_f32.to_le_bytes());
    let negative = open("a.nii", &bytes).unwrap().slices;
    assert!(negative[0].pixels()[0] > 200 && negative[8].pixels()[0] < 50);
}

#[test]
fn missing_samples_are_black() {
    let mut values: Vec<f32> = places().into_iter().map(f32::from).collect();
    values[119] = f32::NAN;
    let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let found = found(|file| (file.datatype, file.bits, file.data) = (16, 32, data));
    assert_eq!(found.slices[0].pixels()[0], 0);
}

#[test]
fn label_maps_become_masks() {
    let data: Vec<u8> = places().iter().flat_map(|value| i16::from(*value > 500).to_le_bytes()).collect();
    let found = found(|file| file.data = data);
    assert!(found.labels && found.slices[8].pixels().iter().all(|pixel| *pixel == 255));
}

#[test]
fn a_gzipped_file_gives_the_same_slices() {
    let plain = volume(|_| {});
    assert_eq!(open_gzip("a.nii", &forge::gzip(&plain)).unwrap(), open("a.nii", &plain).unwrap());
    // Also with several gzip members.
    let (start, end) = plain.split_at(100);
    let parts = [forge::gzip(start), forge::gzip(end)].concat();
    assert_eq!(open_gzip("a.nii", &parts).unwrap(), open("a.nii", &plain).unwrap());
}

#[test]
fn the_first_volume_of_a_time_series_is_read() {
    let twice = |file: &mut Nifti| {
        (file.dim[0], file.dim[4]) = (4, 2);
        file.data.extend(vec![9; 2160]);
    };
    assert_eq!(found(twice).slices, found(|_| {}).slices);
    // Also if the other volumes are missing.
    assert_eq!(found(|file| (file.dim[0], file.dim[4]) = (4, 2)).slices, found(|_| {}).slices);
}

#[test]
fn descriptions_and_extensions_count_as_personal() {
    assert!(found(|_| {}).personal.is_empty());
    assert_eq!(found(|file| file.description = "Anna").personal, [PersonalField::FreeText]);
    let mut named = volume(|_| {});
    named[14..18].copy_from_slice(b"P-42");
    assert_eq!(open("a.nii", &named).unwrap().personal, [PersonalField::PatientId]);
    let mut more = volume(|file| file.offset = 384.0);
    more.splice(352..352, [0; 32]);
    let found = open("a.nii", &more).unwrap();
    assert_eq!((found.personal, found.slices), (vec![PersonalField::FreeText], self::found(|_| {}).slices));
}

#[test]
fn sizes_beyond_the_limits_are_refused_before_memory_is_reserved() {
    assert_eq!(refusal(|file| file.dim[1..4].fill(i16::MAX)), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.dim[1..4].copy_from_slice(&[4097, 8, 1])), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.dim[1..4].copy_from_slice(&[512, 512, 65])), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.dim[1] = -1), Refusal::TooManyPixels);
    assert_eq!(refusal(|file| file.dim[2] = 0), DAMAGED);
    assert_eq!(refusal(|file| file.dim[1] = MIN_SIDE as i16 - 1), Refusal::TooSmall);
    for dimensions in [0, 1, 8, -3] {
        let refusal = refusal(|file| file.dim[0] = dimensions);
        // The crate takes such a header for one of the other byte order, or for invalid.
        assert!(
            matches!(refusal, Refusal::Dimensions | DAMAGED | Refusal::NotIntensities),
            "{dimensions}: {refusal:?}"
        );
    }
}

#[test]
fn samples_beyond_the_file_are_refused() {
    for offset in [1e30, f32::INFINITY, 5000.0] {
        assert_eq!(refusal(|file| file.offset = offset), DAMAGED, "{offset}");
    }
    // An offset inside the header, or NaN, means the end of the header.
    for offset in [-1e30, 0.0, f32::NAN] {
        assert_eq!(found(|file| file.offset = offset).slices, found(|_| {}).slices, "{offset}");
    }
    assert_eq!(refusal(|file| file.data.truncate(2159)), DAMAGED);
    let whole = volume(|_| {});
    assert!((0..400).all(|length| open("a.nii", &whole[..length]).is_err()));
}

#[test]
fn samples_that_are_not_intensities_are_refused() {
    for (kind, bits) in [(128, 24), (2304, 32), (32, 64), (1536, 128), (1, 1), (77, 8)] {
        assert_eq!(
            refusal(|file| (file.datatype, file.bits, file.data) = (kind, bits, vec![7; 1 << 16])),
            Refusal::NotIntensities
        );
    }
    assert_eq!(refusal(|file| file.data.fill(7)), Refusal::Blank);
}

#[test]
fn unusable_directions_are_refused() {
    let ways =
        [[[0.0; 4]; 3], [[f32::NAN; 4]; 3], [[1.0; 4]; 3], [[1e30, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0; 4]]];
    for rows in ways {
        assert_eq!(refusal(|file| file.rows = rows), Refusal::Orientation);
    }
}

#[test]
fn gzip_bombs_are_refused() {
    let zeros = vec![0; MAX_FILE_BYTES + HEADER_1_BYTES];
    // Data after the samples is never unpacked.
    let small = [volume(|_| {}), zeros.clone()].concat();
    assert!(open_gzip("a.nii.gz", &forge::gzip(&small)).is_ok());
    let large = |file: &mut Nifti| {
        file.dim[1..4].copy_from_slice(&[256, 256, 256]);
        (file.datatype, file.bits) = (64, 64);
    };
    let bomb = [volume(large), zeros].concat();
    assert_eq!(open_gzip("a.nii.gz", &forge::gzip(&bomb)).unwrap_err(), Refusal::UnpacksTooLarge);
}

#[test]
fn other_gzipped_files_are_named() {
    let packed = |bytes: &[u8]| open_gzip("a.gz", &forge::gzip(bytes)).unwrap_err();
    assert_eq!(packed(&[7; 1000]), Refusal::Unsupported(UnsupportedFormat::Archive));
    assert_eq!(packed(b""), Refusal::Unsupported(UnsupportedFormat::Archive));
    // Also if they are shorter than a header, or cut off.
    let text = forge::gzip(b"some words");
    for length in 0..=text.len() {
        let refusal = open_gzip("a.txt.gz", &text[..length]).unwrap_err();
        assert_eq!(refusal, Refusal::Unsupported(UnsupportedFormat::Archive), "cut to {length}");
    }
    assert_eq!(packed(&volume(|file| file.magic = *b"ni1\0")), Refusal::Unsupported(UnsupportedFormat::HeaderOnly));
    assert_eq!(
        packed(&[&[0x1C, 2, 0, 0], b"ni2\0".as_slice(), &[0; 600]].concat()),
        Refusal::Unsupported(UnsupportedFormat::HeaderOnly)
    );
    let freesurfer: Vec<u8> =
        [1_u32, 96, 96, 40, 1, 3].into_iter().flat_map(u32::to_be_bytes).chain([0; 400]).collect();
    assert_eq!(packed(&freesurfer), Refusal::Unsupported(UnsupportedFormat::FreeSurfer));
    let cut = forge::gzip(&volume(|_| {}));
    // The last bytes are the end of a block and the checksum, which is not checked.
    for length in 0..cut.len() - 10 {
        assert!(open_gzip("a.nii.gz", &cut[..length]).is_err(), "cut to {length}");
    }
}

#[test]
fn personal_fields_of_the_header_are_found() {
    let personal = |at: Option<usize>| {
        let mut bytes = volume(|_| {});
        at.into_iter().for_each(|at| bytes[at] = b'x');
        open("a.nii", &bytes).unwrap().personal
    };
    assert!(personal(None).is_empty());
    // db_name, aux_file, intent_name.
    assert_eq!(personal(Some(14)), [PersonalField::PatientId]);
    assert_eq!(personal(Some(228)), [PersonalField::FreeText]);
    assert_eq!(personal(Some(328)), [PersonalField::FreeText]);
}

/// The Human Connectome Project writes version 2.
#[test]
fn version_2_gives_the_same_slices() {
    let wanted = found(|_| {});
    let second = Nifti::new(SIZES, &places()).bytes_2();
    assert_eq!(open("a.nii", &second).unwrap(), wanted);
    assert_eq!(open_gzip("a.nii", &forge::gzip(&second)).unwrap(), wanted);
    for length in (0..second.len()).step_by(37) {
        assert!(open("a.nii", &second[..length]).is_err() && open_gzip("a", &forge::gzip(&second[..length])).is_err());
    }
    let sized = |size: i64| {
        let mut bytes = second.clone();
        bytes[24..32].copy_from_slice(&size.to_le_bytes());
        open("a.nii", &bytes).unwrap_err()
    };
    assert_eq!((sized(i64::MAX), sized(-1), sized(0)), (Refusal::TooManyPixels, Refusal::TooManyPixels, DAMAGED));
}

/// Some series begin with an empty volume.
#[test]
fn the_first_volume_that_is_not_blank_is_read() {
    let series = |blank: usize| {
        volume(|file| {
            (file.dim[0], file.dim[4]) = (4, blank as i16 + 1);
            file.data.splice(..0, vec![0; blank * file.data.len()]);
        })
    };
    let wanted = found(|_| {});
    assert_eq!(open("a.nii", &series(1)).unwrap(), wanted);
    assert_eq!(open_gzip("a.nii", &forge::gzip(&series(2))).unwrap(), wanted);
    // All are blank, or the file ends after a blank one.
    assert_eq!(open("a.nii", &series(MAX_VOLUMES)).unwrap_err(), Refusal::Blank);
    let (whole, volume) = (series(1), 2 * SIZES.iter().product::<usize>());
    let first = &whole[..whole.len() - volume];
    assert_eq!(open("a.nii", first).unwrap_err(), Refusal::Blank);
    assert_eq!(open_gzip("a.nii.gz", &forge::gzip(first)).unwrap_err(), Refusal::Blank);
    assert_eq!(open("a.nii", &whole[..whole.len() - 1]).unwrap_err(), DAMAGED);
}

/// Where the first volume is blank, a file that is cut off is not blank.
#[test]
fn a_gzipped_series_that_is_cut_off_is_damaged() {
    let series = volume(|file| {
        (file.dim[0], file.dim[4]) = (4, 2);
        file.data.splice(..0, vec![0; file.data.len()]);
    });
    let packed = forge::gzip(&series);
    // Before that nothing but the name tells what it is; the last bytes are the end of a block and the checksum.
    let told = (0..packed.len()).find(|length| open_gzip("a", &packed[..*length]) == Err(DAMAGED)).unwrap();
    assert!(told < 100, "{told} of {}", packed.len());
    for length in 0..packed.len() - 10 {
        assert_eq!(open_gzip("A.NII.gz", &packed[..length]).unwrap_err(), DAMAGED, "cut to {length}");
        assert_eq!(open_gzip("a", &packed[..length]) == Err(DAMAGED), length >= told, "cut to {length}");
    }
}

/// FreeSurfer's size for all brains, as floats: 64 MiB and a header.
#[test]
fn the_largest_volume_of_floats_is_read() {
    let file = Nifti {
        datatype: 16,
        bits: 32,
        data: (0..1_u32 << 24).flat_map(|index| (index as f32 % 1000.0).to_le_bytes()).collect(),
        ..Nifti::new([256; 3], &[])
    };
    let bytes = file.bytes();
    assert!(bytes.len() <= MAX_FILE_BYTES);
    assert_eq!(open("a.nii", &bytes).unwrap().slices.len(), 256);
    assert_eq!(open_gzip("a.nii.gz", &forge::gzip(&bytes)).unwrap().slices.len(), 256);
}
