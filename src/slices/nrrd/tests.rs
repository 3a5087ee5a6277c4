//! Valid, unusual and hostile files.

use std::io::Write;

use super::*;

type Tested = Result<(), Box<dyn std::error::Error>>;

/// A valid header of a volume of 2 x 3 x 2 bytes, with these fields replaced or added.
fn header(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("type", "uchar"),
        ("dimension", "3"),
        ("space", "left-posterior-superior"),
        ("sizes", "2 3 2"),
        ("space directions", "(1,0,0) (0,1,0) (0,0,4)"),
        ("encoding", "raw"),
        ("space origin", "(-1,-2,-3)"),
    ];
    for change in changes {
        fields.retain(|(name, _)| *name != change.0);
        fields.push(*change);
    }
    let lines = fields.iter().map(|(name, value)| format!("{name}: {value}\n"));
    format!("NRRD0004\n# a comment: of no use\n{}key:=value: more\n\n", lines.collect::<String>())
}

fn file(changes: &[(&str, &str)], data: &[u8]) -> Vec<u8> {
    [header(changes).as_bytes(), data].concat()
}

fn read_with(changes: &[(&str, &str)], data: &[u8]) -> Result<Volume, NrrdError> {
    read(&file(changes, data))
}

/// Samples that increase by 1 along the first axis of the file, by 10 along the second and by 100 along the third.
const PLACES: [u8; 12] = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121];

fn gzip(data: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data)?;
    encoder.finish()
}

#[test]
fn a_volume_that_same_grid_wanted_stays_as_it_is() -> Tested {
    let volume = read_with(&[], &PLACES)?;
    assert_eq!(volume.sizes, [2, 3, 2]);
    assert_eq!((volume.spacing, volume.corner), ([1.0, 1.0, 4.0], [-1.0, -2.0, -3.0]));
    assert_eq!(volume.values, PLACES.map(f32::from));
    assert_eq!(volume.slice(1), [100.0, 101.0, 110.0, 111.0, 120.0, 121.0]);
    assert!(volume.slice(2).is_empty());
    Ok(())
}

#[test]
fn axes_are_flipped_to_lps() -> Tested {
    // The second axis leads to the front: rows are reversed, and the corner is at the last row.
    let volume = read_with(&[("space directions", "(1,0,0) (0,-1,0) (0,0,4)"), ("space origin", "(0,2,0)")], &PLACES)?;
    assert_eq!(volume.slice(0), [20.0, 21.0, 10.0, 11.0, 0.0, 1.0]);
    assert_eq!(volume.corner, [0.0, 0.0, 0.0]);
    // In RAS the same numbers mean the opposite directions.
    let mirrored = read_with(&[("space", "RAS")], &PLACES)?;
    assert_eq!(mirrored.slice(0), [21.0, 20.0, 11.0, 10.0, 1.0, 0.0]);
    assert_eq!(mirrored.corner, [0.0, 0.0, -3.0]);
    let front = read_with(&[("space", "left-anterior-superior")], &PLACES)?;
    assert_eq!(front.slice(0), [20.0, 21.0, 10.0, 11.0, 0.0, 1.0]);
    Ok(())
}

#[test]
fn axes_in_any_order_are_permuted() -> Tested {
    // Sagittal storage: the axes lead to the feet, to the back and to the left.
    let volume = read_with(&[("space directions", "(0,0,-2) (0,1,0) (3,0,0)")], &PLACES)?;
    assert_eq!((volume.sizes, volume.spacing), ([2, 3, 2], [3.0, 1.0, 2.0]));
    assert_eq!(volume.slice(0), [1.0, 101.0, 11.0, 111.0, 21.0, 121.0]);
    assert_eq!(volume.slice(1), [0.0, 100.0, 10.0, 110.0, 20.0, 120.0]);
    Ok(())
}

#[test]
fn oblique_axes_are_assigned_to_the_nearest() -> Tested {
    let volume = read_with(&[("space directions", "(0.9,0.1,-0.2) (-0.1,0.9,0.1) (0.3,-0.1,4)")], &PLACES)?;
    assert_eq!(volume.values, PLACES.map(f32::from));
    let directions = "(0.577,0.577,-0.577) (-0.211,0.789,0.577) (0.789,-0.211,0.577)";
    assert!(read_with(&[("space directions", directions)], &PLACES).is_ok(), "a double tilt still has its axes");
    let directions = "(1,0,0) (0.95,0.3,0) (0,0,4)";
    assert_eq!(read_with(&[("space directions", directions)], &PLACES), Err(NrrdError::Oblique));
    Ok(())
}

#[test]
fn every_type_is_read_in_both_byte_orders() -> Tested {
    let numbers = [0_i16, 1, 2, 3, 100, -5, 7, 8, 9, 10, 11, 127];
    let wanted = numbers.map(f32::from);
    let check = |kind: &str, endian: &str, bytes: Vec<u8>| -> Tested {
        let changes = [("type", kind), ("endian", endian)];
        assert_eq!(read_with(&changes, &bytes)?.values, wanted, "{kind} {endian}");
        let changes = [("type", kind), ("endian", endian), ("encoding", "gzip")];
        assert_eq!(read_with(&changes, &gzip(&bytes)?)?.values, wanted, "{kind} {endian} gzip");
        Ok(())
    };
    let pack = |bytes: fn(i16) -> Vec<u8>| numbers.iter().flat_map(|&n| bytes(n)).collect::<Vec<u8>>();
    check("int8", "little", pack(|n| vec![n as u8]))?;
    check("short", "little", pack(|n| n.to_le_bytes().into()))?;
    check("signed short int", "big", pack(|n| n.to_be_bytes().into()))?;
    check("int", "little", pack(|n| i32::from(n).to_le_bytes().into()))?;
    check("int32_t", "big", pack(|n| i32::from(n).to_be_bytes().into()))?;
    check("int64", "little", pack(|n| i64::from(n).to_le_bytes().into()))?;
    check("long long", "big", pack(|n| i64::from(n).to_be_bytes().into()))?;
    check("float", "little", pack(|n| f32::from(n).to_le_bytes().into()))?;
    check("double", "big", pack(|n| f64::from(n).to_be_bytes().into()))?;
    let large: Vec<u8> = [65_535_u16; 12].iter().flat_map(|n| n.to_be_bytes()).collect();
    assert_eq!(read_with(&[("type", "ushort"), ("endian", "big")], &large)?.values, [65_535.0; 12]);
    let larger: Vec<u8> = [1_u32 << 31; 12].iter().flat_map(|n| n.to_le_bytes()).collect();
    assert_eq!(read_with(&[("type", "uint"), ("endian", "little")], &larger)?.values, [2_147_483_648.0; 12]);
    Ok(())
}

#[test]
fn ascii_samples_are_read() -> Tested {
    let text = b"0 1 10 11, 20 21\n100 101 110 111\n1.2e2 121\n";
    assert_eq!(read_with(&[("encoding", "ascii"), ("type", "short")], text)?.values, PLACES.map(f32::from));
    assert_eq!(read_with(&[("encoding", "txt")], b"1 2 x"), Err(NrrdError::Sample(2)));
    assert_eq!(read_with(&[("encoding", "txt")], b"1 2"), Err(NrrdError::Length { wanted: 12, found: 2 }));
    assert!(matches!(read_with(&[("encoding", "txt")], &b"1 ".repeat(13)), Err(NrrdError::Length { .. })));
    Ok(())
}

#[test]
fn crlf_line_ends_are_read() -> Tested {
    let mut bytes = header(&[]).replace('\n', "\r\n").into_bytes();
    bytes.extend(PLACES);
    assert_eq!(read(&bytes)?.values, PLACES.map(f32::from));
    Ok(())
}

#[test]
fn truncated_and_too_long_files_are_refused() -> Tested {
    for bytes in [file(&[], &PLACES), file(&[("encoding", "gzip")], &gzip(&PLACES)?)] {
        assert!(read(&bytes).is_ok());
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length} of {}", bytes.len());
        }
    }
    let longer = [&PLACES[..], &[0]].concat();
    assert_eq!(read_with(&[], &longer), Err(NrrdError::Length { wanted: 12, found: 13 }));
    let bomb = gzip(&vec![0; 1 << 20])?;
    assert_eq!(read_with(&[("encoding", "gzip")], &bomb), Err(NrrdError::Length { wanted: 12, found: 13 }));
    assert!(matches!(read_with(&[("encoding", "gzip")], b"<html>"), Err(NrrdError::Gzip(_))));
    Ok(())
}

#[test]
fn other_files_are_refused() {
    for other in [&b"<!DOCTYPE html>"[..], b"", b"NRRD", b"NRRD0006\n\n", b"NRRD0000\n\n", b"\x1f\x8b"] {
        assert_eq!(read(other), Err(NrrdError::NotNrrd));
    }
    let endless = [&b"NRRD0004\n"[..], &b"# comment\n".repeat(MAX_HEADER)].concat();
    assert_eq!(read(&endless), Err(NrrdError::NoEnd));
    assert_eq!(read(b"NRRD0004\nx: \xff\n\n"), Err(NrrdError::NotText));
    assert!(matches!(read(b"NRRD0004\nnothing\n\n"), Err(NrrdError::Line(_))));
    assert!(matches!(read(b"NRRD0004\ntype: uchar\ntype: short\n\n"), Err(NrrdError::Twice(_))));
}

#[test]
fn unsupported_values_are_named() {
    let field = |changes: &[(&str, &str)]| match read_with(changes, &PLACES) {
        Err(error @ (NrrdError::Field { .. } | NrrdError::Missing(_))) => error.to_string(),
        other => format!("{other:?}"),
    };
    assert!(field(&[("encoding", "bzip2")]).contains("raw, gzip and ascii"));
    assert!(field(&[("type", "long double")]).contains("type"));
    assert!(field(&[("type", "block")]).contains("type"));
    assert!(field(&[("type", "short")]).contains("no field `endian`"));
    assert!(field(&[("type", "short"), ("endian", "middle")]).contains("endian"));
    assert!(field(&[("dimension", "4")]).contains("three dimensions"));
    assert!(field(&[("data file", "brain.raw")]).contains("same file"));
    assert!(field(&[("datafile", "brain.raw")]).contains("same file"));
    assert!(field(&[("line skip", "1")]).contains("follow the header directly"));
    assert!(field(&[("byte skip", "-2")]).contains("raw samples"));
    assert!(field(&[("byte skip", "4"), ("encoding", "gzip")]).contains("raw samples"));
    assert!(field(&[("space", "scanner-xyz")]).contains("the patient's orientation"));
    assert!(field(&[("sizes", "2 3")]).contains("sizes"));
    assert!(field(&[("sizes", "2 3 -2")]).contains("sizes") && field(&[("sizes", "2 x 3 2")]).contains("sizes"));
    for directions in
        ["none (0,1,0) (0,0,4)", "(1,0) (0,1) (0,0)", "(1,0,0) (0,1,0)", "(1,0,0 (0,1,0) (0,0,1)", "((()))"]
    {
        assert!(field(&[("space directions", directions)]).contains("three vectors"), "{directions}");
    }
    assert!(field(&[("space origin", "(1,2)")]).contains("space origin"));
    let steered = field(&[("encoding", &format!("\u{1b}[31m{}", "x".repeat(5000)))]);
    assert!(steered.len() < 200 && !steered.contains('\u{1b}'));
}

#[test]
fn missing_fields_are_named() {
    for name in ["type", "dimension", "space", "sizes", "space directions", "encoding"] {
        let lines = header(&[]);
        let kept: String = lines.split_inclusive('\n').filter(|line| !line.starts_with(&format!("{name}:"))).collect();
        let error = read(&[kept.as_bytes(), &PLACES].concat());
        assert!(matches!(error, Err(NrrdError::Missing(missing)) if missing == name), "{name}: {error:?}");
    }
}

#[test]
fn sizes_and_directions_beyond_the_limits_are_refused() {
    for sizes in ["0 3 2", "4097 1 1", "2048 2048 2048", "18446744073709551615 2 2"] {
        assert!(matches!(read_with(&[("sizes", sizes)], &PLACES), Err(NrrdError::Sizes(_))), "{sizes}");
    }
    let flat = ["(0,0,0) (0,1,0) (0,0,1)", "(1,0,0) (1,0,0) (0,0,1)", "(1e300,0,0) (0,1,0) (0,0,1)"];
    for directions in flat.into_iter().chain(["(nan,0,0) (0,1,0) (0,0,1)", "(inf,0,0) (0,1,0) (0,0,1)"]) {
        assert_eq!(read_with(&[("space directions", directions)], &PLACES), Err(NrrdError::Directions), "{directions}");
    }
    assert_eq!(read_with(&[("space origin", "(nan,0,0)")], &PLACES), Err(NrrdError::Directions));
}

#[test]
fn missing_samples_are_nan_and_black() -> Tested {
    let mut numbers: [f32; 12] = std::array::from_fn(|index| index as f32);
    (numbers[5], numbers[11]) = (f32::NAN, f32::INFINITY);
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let volume = read_with(&[("type", "float"), ("endian", "little")], &bytes)?;
    assert!(volume.values[5].is_nan());
    assert_eq!((volume.rasters()[0].pixels()[5], volume.masks()[0].pixels()[5]), (0, 0));
    assert_eq!(volume.rasters()[1].pixels()[4], 255);
    assert!(read_with(&[("encoding", "txt")], &b"nan ".repeat(12))?.values.iter().all(|value| value.is_nan()));
    Ok(())
}

/// Bytes before the samples are legal; -1 means that the samples are at the end of the file.
#[test]
fn raw_samples_may_follow_other_bytes() -> Tested {
    let data = [b"ab".as_slice(), &PLACES].concat();
    for skip in ["2", "-1"] {
        assert_eq!(read_with(&[("byte skip", skip)], &data)?.values, PLACES.map(f32::from));
    }
    assert!(read_with(&[("byte skip", "3")], &data).is_err());
    assert!(read_with(&[("byte skip", "-1")], &PLACES[1..]).is_err());
    assert!(read_with(&[("byte skip", "9223372036854775807")], &data).is_err());
    Ok(())
}

#[test]
fn rasters_have_square_pixels_and_one_window() -> Tested {
    let volume = read_with(&[], &PLACES)?;
    let pictures = volume.rasters();
    assert_eq!((pictures.len(), pictures[0].width(), pictures[0].height()), (2, 2, 3));
    assert_eq!((pictures[0].pixels()[0], pictures[1].pixels()[5]), (0, 255));
    let masks = volume.masks();
    assert_eq!(masks[0].pixels(), [0, 255, 255, 255, 255, 255]);
    let wide = read_with(&[("space directions", "(2,0,0) (0,1,0) (0,0,4)")], &PLACES)?.rasters();
    assert_eq!((wide[0].width(), wide[0].height()), (4, 3));
    let high = read_with(&[("space directions", "(1,0,0) (0,2,0) (0,0,4)")], &PLACES)?.rasters();
    assert_eq!((high[0].width(), high[0].height()), (2, 6));
    let black = read_with(&[], &[0; 12])?.rasters();
    assert!(black.iter().all(|picture| picture.pixels().iter().all(|&pixel| pixel == 0)));
    Ok(())
}

#[test]
fn grids_are_compared() -> Tested {
    let image = read_with(&[], &PLACES)?;
    assert!(image.same_grid(&read_with(&[("space origin", "(-1.0001,-2,-3)")], &PLACES)?));
    assert!(!image.same_grid(&read_with(&[("space origin", "(5,-2,-3)")], &PLACES)?));
    assert!(!image.same_grid(&read_with(&[("space directions", "(1,0,0) (0,1,0) (0,0,5)")], &PLACES)?));
    assert!(!image.same_grid(&read_with(&[("sizes", "3 2 2")], &PLACES)?));
    Ok(())
}
