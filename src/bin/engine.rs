//! The engine worker that makes scans on the processor.

fn main() {
    console_error_panic_hook::set_once();
    hersenscan::engine::making::session::start();
}
