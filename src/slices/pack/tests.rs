//! Valid packs and hostile ones.

use super::*;

fn pack() -> Pack {
    let slice = |index: usize| {
        let image = (0..256).map(|cell| (cell * (index + 1)) as u8).collect();
        let mask = (0..256).map(|cell| if cell % (index + 2) == 0 { 255 } else { 0 }).collect();
        let labelled = LabelledSlice { class: index % 2, slice: Slice { size: 16, image, mask } };
        PackSlice { patient: index as u32 / 2, labelled }
    };
    Pack {
        size: 16,
        classes: vec!["glioma".to_owned(), "pituitary".to_owned()],
        source: "made up".to_owned(),
        licence: "CC0".to_owned(),
        attribution: "niemand, \"nobody\"".to_owned(),
        names: Vec::new(),
        slices: (0..5).map(slice).collect(),
    }
}

/// A file with this header and `body` zero bytes after it.
fn file(header: &str, body: usize) -> Vec<u8> {
    let length = (header.len() as u32).to_le_bytes();
    [&MAGIC[..], &length, header.as_bytes(), &vec![0; body]].concat()
}

/// A valid header with these fields replaced.
fn header(changes: serde_json::Value) -> String {
    let mut header = serde_json::json!({
        "size": 16, "classes": ["a", "b"], "source": "", "licence": "", "attribution": "",
        "slices": [{ "class": 1, "patient": 0 }],
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        header[name] = value.clone();
    }
    header.to_string()
}

#[test]
fn a_written_pack_is_read_back() -> Result<(), PackError> {
    let names = ["100", "7", "Ann"].map(str::to_owned).into();
    for pack in [pack(), Pack { names, ..pack() }] {
        let bytes = pack.write()?;
        assert_eq!(Pack::read(&bytes)?, pack);
        assert_eq!(bytes, pack.write()?);
    }
    Ok(())
}

#[test]
fn soft_masks_stay_soft() -> Result<(), PackError> {
    let mut soft = pack();
    soft.slices[0].labelled.slice.mask[..3].copy_from_slice(&[127, 128, 200]);
    assert_eq!(Pack::read(&soft.write()?)?.slices[0].labelled.slice.mask[..3], [127, 128, 200]);
    Ok(())
}

#[test]
fn a_truncated_pack_is_refused() -> Result<(), PackError> {
    let bytes = pack().write()?;
    for length in 0..bytes.len() {
        assert!(matches!(Pack::read(&bytes[..length]), Err(PackError::Length { .. })), "{length}");
    }
    Ok(())
}

#[test]
fn bytes_after_the_last_slice_are_refused() -> Result<(), PackError> {
    let mut bytes = pack().write()?;
    bytes.push(0);
    assert!(matches!(Pack::read(&bytes), Err(PackError::Length { .. })));
    Ok(())
}

#[test]
fn other_files_are_named() {
    for page in ["<!DOCTYPE html><title>404</title>", "\n <html>", "<svg/>"] {
        assert_eq!(Pack::read(page.as_bytes()), Err(PackError::WebPage));
    }
    for other in [&b"\x89PNG\r\n\x1a\n"[..], b"HSPACK02\x02\0\0\0{}", b"404: not found"] {
        assert_eq!(Pack::read(other), Err(PackError::NotAPack));
    }
    assert_eq!(Pack::read(&vec![0; MAX_FILE + 1]), Err(PackError::TooLarge(MAX_FILE + 1)));
}

#[test]
fn false_lengths_are_refused() {
    let mut bytes = file(&header(serde_json::json!({})), 512);
    assert!(Pack::read(&bytes).is_ok());
    for (length, too_large) in [(u32::MAX, true), (MAX_HEADER as u32 + 1, true), (MAX_HEADER as u32, false)] {
        bytes[8..12].copy_from_slice(&length.to_le_bytes());
        assert_eq!(matches!(Pack::read(&bytes), Err(PackError::HeaderTooLarge(_))), too_large);
        assert!(Pack::read(&bytes).is_err());
    }
    bytes[8..12].copy_from_slice(&1_u32.to_le_bytes());
    assert!(matches!(Pack::read(&bytes), Err(PackError::Header(_))));
}

#[test]
fn headers_beyond_the_limits_are_refused() {
    use serde_json::json;
    let refused = |changes: serde_json::Value| Pack::read(&file(&header(changes), 512)).err();
    assert_eq!(refused(json!({})), None);
    for side in [0, 15, 18, 257, 4096, usize::MAX] {
        assert_eq!(refused(json!({ "size": side })), Some(PackError::Side(side)));
    }
    for classes in [json!([]), json!(["a", "a"]), json!(["a", ""]), json!((0..9).collect::<Vec<_>>())] {
        assert!(matches!(refused(json!({ "classes": classes })), Some(PackError::Classes(_) | PackError::Header(_))));
    }
    let nine: Vec<String> = (0..9).map(|index| index.to_string()).collect();
    assert!(matches!(refused(json!({ "classes": nine })), Some(PackError::Classes(_))));
    let slice = json!({ "class": 2, "patient": 0 });
    assert_eq!(refused(json!({ "slices": [slice] })), Some(PackError::Class { slice: 0, class: 2 }));
    assert_eq!(refused(json!({ "slices": [] })), Some(PackError::Slices(0)));
    assert_eq!(refused(json!({ "names": ["Ann"] })), None);
    let second = json!([{ "class": 0, "patient": 1 }]);
    for (names, slices) in [
        (json!([""]), json!([{ "class": 0, "patient": 0 }])),
        (json!(["Ann"]), second.clone()),
        (json!(["Ann", "Ann"]), second),
    ] {
        assert_eq!(refused(json!({ "names": names, "slices": slices })), Some(PackError::Names));
    }
    assert!(matches!(refused(json!({ "names": [7] })), Some(PackError::Header(_))));
    let many = vec![json!({ "class": 0, "patient": 0 }); MAX_SLICES + 1];
    assert_eq!(refused(json!({ "slices": many })), Some(PackError::Slices(MAX_SLICES + 1)));
    for patient in [json!(-1), json!(1.5), json!(1_u64 << 32), json!(null)] {
        let slices = json!([{ "class": 0, "patient": patient }]);
        assert!(matches!(refused(json!({ "slices": slices })), Some(PackError::Header(_))));
    }
}

#[test]
fn a_pack_that_could_not_be_read_is_not_written() {
    let mut short = pack();
    short.slices[2].labelled.slice.image.pop();
    assert_eq!(short.write(), Err(PackError::Pixels(2)));
    let mut wordy = pack();
    wordy.source = "x".repeat(MAX_HEADER);
    assert!(matches!(wordy.write(), Err(PackError::HeaderTooLarge(_))));
    let blank = PackSlice {
        patient: 0,
        labelled: LabelledSlice { class: 0, slice: Slice::without_tumour(256, vec![0; 65536]) },
    };
    let heavy = Pack { size: 256, slices: vec![blank; MAX_SLICES], ..pack() };
    assert!(matches!(heavy.write(), Err(PackError::TooLarge(_))));
}
