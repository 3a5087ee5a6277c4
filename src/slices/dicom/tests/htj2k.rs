//! High-throughput JPEG 2000.

use super::*;

#[test]
fn signed_samples_keep_negative_values() {
    let signed = |syntax, pixels| {
        let mut file = Dicom { syntax, pixels, ..Dicom::new(SIDE, SIDE) };
        for (element, number) in [(0x101, 16), (0x102, 15), (0x103, 1)] {
            file.number(0x28, element, number);
        }
        first(&with_window(file, "27.5", "255"))
    };
    let native = head().iter().flat_map(|byte| (i16::from(*byte) - 100).to_le_bytes()).collect();
    let coded = Pixels::Fragments(vec![forge::HTJ2K_SIGNED_HEAD.to_vec()]);
    assert_eq!(signed(forge::HTJ2K, coded), signed(forge::EXPLICIT, Pixels::Native(native)));
}

#[test]
fn damaged_frames_are_refused() {
    let read = |frame: Vec<u8>| {
        let pixels = Pixels::Fragments(vec![frame]);
        open("a.dcm", &Dicom { syntax: forge::HTJ2K, pixels, ..Dicom::new(SIDE, SIDE) }.bytes())
    };
    let changed = |at: usize, byte: u8| {
        let mut frame = forge::HTJ2K_HEAD.to_vec();
        frame[at] = byte;
        read(frame)
    };
    assert!(changed(42, 11).is_ok());
    // 32 bits, components of half the width, another size.
    for (at, byte) in [(42, 31), (43, 2), (11, 33)] {
        assert_eq!(changed(at, byte).unwrap_err(), DAMAGED, "{at}");
    }
    assert_eq!(changed(41, 3).unwrap_err(), Refusal::Colour);
    for length in 0..forge::HTJ2K_HEAD.len() {
        let _ = read(forge::HTJ2K_HEAD[..length].to_vec());
    }
    assert!(read(forge::HTJ2K_HEAD[..60].to_vec()).is_err());
}
