#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hersenscan_fuzz::open_as(bytes, hersenscan::slices::dicom::open));
