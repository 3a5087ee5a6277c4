//! Generates the JavaScript of a WebAssembly program that cargo compiled, as the command `wasm-bindgen` does.
//!
//! The command is not installed, because its test runner needs a hundred packages that the site does not need.

use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: bindgen WASM FOLDER page|worker";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, folder, kind] = arguments.as_slice() else { return Err(USAGE.into()) };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).omit_default_module_path(false);
    match kind.as_str() {
        "page" => bindgen.web(true)?,
        // Classic workers, because not all browsers support module workers.
        "worker" => bindgen.no_modules(true)?,
        _ => return Err(USAGE.into()),
    };
    bindgen.generate(folder)?;
    Ok(())
}
