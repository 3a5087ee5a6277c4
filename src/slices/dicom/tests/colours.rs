//! Grey pictures that were written as colours.

use super::*;

/// A file with 8 bits and three channels, as programs that capture a screen write it.
fn colours(syntax: &'static str, kind: &str, planes: bool, pixels: Pixels) -> Dicom {
    let mut file = Dicom::with_8_bits(SIDE, SIDE, syntax, pixels);
    file.text(0x8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7");
    file.number(0x28, 2, 3);
    file.text(0x28, 4, "CS", kind);
    file.number(0x28, 6, planes.into());
    file
}

/// [`head`] with these two other channels, pixel by pixel or in planes.
fn channels(planes: bool, other: impl Fn(u8) -> u8) -> Vec<u8> {
    let others: Vec<u8> = head().into_iter().map(other).collect();
    match planes {
        true => [head(), others.clone(), others].concat(),
        false => head().into_iter().zip(others).flat_map(|(byte, other)| [byte, other, other]).collect(),
    }
}

fn grey(file: Dicom) -> Vec<u8> {
    let kind =
        format!("{} {:?}", file.syntax, file.elements.iter().find(|element| element.1 == 4).map(|element| &element.3));
    let read =
        open("a.dcm", &with_window(file, "127.5", "255")).unwrap_or_else(|refusal| panic!("{kind}: {refusal:?}"));
    read.slices[0].pixels().to_vec()
}

/// Whether a file is refused as a capture in colours, if one byte of its native pixels differs.
fn refuses_a_colour(mut file: Dicom, at: usize) -> bool {
    let Pixels::Native(pixels) = &mut file.pixels else { panic!("not native") };
    pixels[at] ^= 1;
    open("a.dcm", &file.bytes()).unwrap_err() == Refusal::ScreenCapture
}

#[test]
fn colours_without_colour_are_grey() {
    for planes in [false, true] {
        let rgb = || colours(forge::EXPLICIT, "RGB", planes, Pixels::Native(channels(planes, |byte| byte)));
        let ybr = || colours(forge::EXPLICIT, "YBR_FULL", planes, Pixels::Native(channels(planes, |_| 128)));
        for file in [&rgb as &dyn Fn() -> Dicom, &ybr] {
            assert_eq!(grey(file()), head(), "{planes}");
            assert!(open("a.dcm", &file().bytes()).unwrap().burned_in);
            assert!(refuses_a_colour(file(), 1501), "{planes}");
        }
    }
    let pairs: Vec<u8> = head().as_chunks::<2>().0.iter().flat_map(|[one, two]| [*one, *two, 128, 128]).collect();
    let pairs = || colours(forge::EXPLICIT, "YBR_FULL_422", false, Pixels::Native(pairs.clone()));
    assert_eq!(grey(pairs()), head());
    assert!(refuses_a_colour(pairs(), 1503));
}

#[test]
fn compressed_colours_without_colour_are_grey() {
    let file = |syntax, kind, frame| colours(syntax, kind, true, Pixels::Fragments(vec![frame]));
    let rle = |planes: &[&[u8]; 3]| {
        let mut frame = vec![0; 64];
        frame[0] = 3;
        for (index, plane) in planes.iter().enumerate() {
            let start = frame.len() as u32;
            frame[4 + 4 * index..8 + 4 * index].copy_from_slice(&start.to_le_bytes());
            frame.extend_from_slice(&forge::rle(plane)[64..]);
        }
        frame
    };
    let (one, none) = (head(), vec![128; head().len()]);
    assert_eq!(grey(file(forge::RLE, "RGB", rle(&[&one, &one, &one]))), head());
    assert_eq!(grey(file(forge::RLE, "YBR_FULL", rle(&[&one, &none, &none]))), head());
    let coloured = file(forge::RLE, "RGB", rle(&[&one, &one, &none])).bytes();
    assert_eq!(open("a.dcm", &coloured).unwrap_err(), Refusal::ScreenCapture);

    assert_eq!(grey(file(forge::JPEG2000, "YBR_RCT", forge::JPEG2000_GREY_COLOURS.to_vec())), head());

    let jpeg = |pixel: &dyn Fn(u8) -> [u8; 3]| {
        let pixels = head().into_iter().flat_map(pixel).collect();
        let picture = image::RgbImage::from_raw(SIDE.into(), SIDE.into(), pixels).unwrap();
        forge::encode(picture.into(), image::ImageFormat::Jpeg)
    };
    let found = grey(file(forge::BASELINE, "YBR_FULL_422", jpeg(&|byte| [byte; 3])));
    let wanted =
        slice_8_bits(forge::BASELINE, Pixels::Fragments(vec![forge::picture(image::ImageFormat::Jpeg, 32, 32)]));
    let apart = found.iter().zip(&wanted).map(|(one, other)| one.abs_diff(*other)).max();
    assert!(apart <= Some(2), "{apart:?}");
    let coloured = file(forge::BASELINE, "YBR_FULL_422", jpeg(&|byte| [byte, byte, byte / 2])).bytes();
    assert_eq!(open("a.dcm", &coloured).unwrap_err(), Refusal::ScreenCapture);
}
