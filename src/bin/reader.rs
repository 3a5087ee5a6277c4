//! The worker that opens strangers' files.

fn main() {
    console_error_panic_hook::set_once();
    hersenscan::reader::session::start();
}
