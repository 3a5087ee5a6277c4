//! The engine worker that computes on the processor.

fn main() {
    console_error_panic_hook::set_once();
    hersenscan::engine::session::start();
}
