#![no_main]

use hersenscan::slices::decoded::Format;
use hersenscan::slices::picture;
use libfuzzer_sys::Corpus;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> Corpus {
    let format = match bytes {
        [0x89, b'P', ..] => Format::Png,
        [0xFF, 0xD8, ..] => Format::Jpeg,
        [b'B', b'M', ..] => Format::Bmp,
        [b'I', b'I', ..] | [b'M', b'M', ..] => Format::Tiff,
        _ => return Corpus::Reject,
    };
    hersenscan_fuzz::open_as(bytes, |path, bytes| picture::open(path, format, bytes));
    Corpus::Keep
});
