//! The engine worker that computes on the graphics card or on the processor. It makes scans, trains, helps with a training,
//! works for the lab, or measures: its name says which.

use hersenscan::engine::{lab, making, measure, training};
use hersenscan::worker::port;

unsafe extern "C" {
    /// Made by the linker: runs what crates register before anything else runs. The compiler of kernels registers
    /// thousands of entries.
    fn __wasm_call_ctors();
}

fn main() {
    // A program that does not call this itself runs it at the start of every function that JavaScript calls: several times
    // for each kernel, which was most of the time of a training step.
    // SAFETY: it takes nothing, and this is the only call, before all other code.
    unsafe { __wasm_call_ctors() };
    console_error_panic_hook::set_once();
    match port::name().as_str() {
        training::protocol::WORKER_NAME => training::session::start(),
        training::protocol::FOLLOWER_NAME => training::follower::start(),
        lab::protocol::WORKER_NAME => lab::session::start(),
        measure::protocol::WORKER_NAME => measure::session::start(),
        _ => making::session::start(),
    }
}
