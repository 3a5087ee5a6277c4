//! Compiles the site's programs for the browser and assembles `dist/`.

use std::fs;
use std::path::Path;
use std::thread;

use crate::command::{Outcome, cargo, command, in_folder, locked, print, run, run_captured};
use crate::tools;

/// A WebAssembly program of the site.
#[derive(Clone, Copy)]
struct Program {
    /// Name of its cargo binary.
    name: &'static str,
    /// The only cargo feature that it is compiled with.
    feature: &'static str,
    /// Argument of `bindgen`: where the program runs.
    kind: &'static str,
    /// Level of wasm-opt: the lowest that makes the program as small as higher ones.
    level: &'static str,
}

/// The largest program first: the others reuse its dependencies, and wasm-opt works on it while they compile.
const PROGRAMS: [Program; 4] = [
    Program { name: "engine-gpu", feature: "gpu", kind: "worker", level: "-O1" },
    Program { name: "engine", feature: "engine", kind: "worker", level: "-O2" },
    Program { name: "reader", feature: "reader", kind: "worker", level: "-O2" },
    Program { name: "app", feature: "ui", kind: "page", level: "-O1" },
];

/// Builds `dist/` in a checkout. All checkouts share the compiled dependencies.
pub fn bundle(checkout: &Path) -> Outcome {
    let folder = tools::target_folder().join("bundle");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    thread::scope(|scope| {
        let mut finishing = Vec::new();
        for (index, program) in PROGRAMS.into_iter().enumerate() {
            print(&format!("program {} of {}: {}", index + 1, PROGRAMS.len(), program.name));
            compile(checkout, program)?;
            // Takes one core only, so the next program compiles meanwhile.
            finishing.push(scope.spawn({
                let folder = &folder;
                move || finish(program, folder)
            }));
        }
        for handle in finishing {
            let output = handle.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))?;
            print(&output);
        }
        Ok::<(), String>(())
    })?;
    run(in_folder(command("node"), checkout).args(["xtask/release/bundle.mjs"]).arg(&folder).arg("dist"))
}

fn compile(checkout: &Path, Program { name, feature, .. }: Program) -> Outcome {
    run(in_folder(cargo(), checkout)
        .args(["build", "--profile", "site", "--target", tools::WASM, "--bin", name])
        .args(["--no-default-features", "--features", feature])
        .args(locked())
        .env("CARGO_TARGET_DIR", tools::target_folder()))
}

/// Generates the JavaScript of a compiled program, and makes the program smaller. Returns what the tools printed.
fn finish(Program { name, kind, level, .. }: Program, folder: &Path) -> Outcome<String> {
    let compiled = tools::target_folder().join(format!("{}/site/{name}.wasm", tools::WASM));
    let generated = run_captured(command(tools::program("debug", "bindgen")).arg(compiled).arg(folder).arg(kind))?;
    let wasm = folder.join(format!("{name}_bg.wasm"));
    let optimised = run_captured(command(tools::node_program("wasm-opt")).args([level, "-o"]).arg(&wasm).arg(&wasm))?;
    Ok(generated + &optimised)
}
