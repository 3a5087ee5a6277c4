#![no_main]

use libfuzzer_sys::Corpus;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !bytes.starts_with(b"NRRD000") {
        return Corpus::Reject;
    }
    hersenscan_fuzz::open(bytes);
    Corpus::Keep
});
