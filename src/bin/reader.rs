//! The worker that reads the visitor's files.

fn main() {
    console_error_panic_hook::set_once();
    hersenscan::reader::session::start();
}
