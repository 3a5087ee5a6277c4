#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hersenscan_fuzz::open_photo(bytes));
