#![no_main]

use hersenscan::slices::nifti;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let open = if bytes.starts_with(&[0x1F, 0x8B]) { nifti::open_gzip } else { nifti::open };
    hersenscan_fuzz::open_as(bytes, open);
});
