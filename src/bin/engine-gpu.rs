//! The engine worker that computes on the graphics card, or on the processor.

unsafe extern "C" {
    /// Made by the linker: runs what crates register before anything else runs, of which the compiler of kernels has
    /// thousands.
    fn __wasm_call_ctors();
}

fn main() {
    // Where a program does not do this itself, the linker does it at the start of every function that JavaScript can
    // call, several times for each kernel that is started: most of a step's time.
    // SAFETY: it takes nothing, and this is the one call, before all other code.
    unsafe { __wasm_call_ctors() };
    console_error_panic_hook::set_once();
    hersenscan::engine::session::start();
}
