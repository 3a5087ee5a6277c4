//! `cargo xtask bench`: times the native program, the site, and other engines for the browser, in turns.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, command, print, root, run};
use crate::steps::Steps;
use crate::{browser, python, site, tools};

/// The generators that ONNX Runtime runs too.
const GENERATORS: [&str; 2] = ["t1ce-s64", "t1ce-s128"];

/// Builds everything and measures it. Writes `bench.json` into the target folder, and prints a table.
pub fn bench(steps: &Steps, rounds: u32) -> Outcome {
    site::build(steps, &[])?;
    let chrome = steps.run("browser", tools::ensure_browser)?;
    steps.run("native program", browser::build_native_program)?;
    steps.run("other engines", || tools::ensure_npm_packages(&folder()))?;
    let models = tools::tools_folder().join("onnx");
    steps.run("ONNX graphs", || {
        python::ensure_package("onnx", "1.23.2")?;
        std::fs::create_dir_all(&models).map_err(|error| format!("{}: {error}", models.display()))?;
        GENERATORS.iter().try_for_each(|name| {
            let weights = root().join(format!("static/weights/{name}.safetensors"));
            run(python::script("xtask/bench/onnx_graph.py").args([weights, models.join(format!("{name}.onnx"))]))
        })
    })?;
    measure(steps, &chrome, rounds, "bench.json", &["--models".as_ref(), models.as_os_str()])
}

/// Times scans and training through WebGPU on a software adapter, in the site and in TensorFlow.js, in turns. Only their ratio
/// is meaningful. Writes `bench-webgpu.json` into the target folder, and prints a table.
pub fn webgpu(steps: &Steps, rounds: u32) -> Outcome {
    site::build(steps, &[])?;
    let chrome = steps.run("browser", tools::ensure_browser)?;
    steps.run("other engines", || tools::ensure_npm_packages(&folder()))?;
    measure(steps, &chrome, rounds, "bench-webgpu.json", &["--webgpu".as_ref()])
}

/// Runs the script, which writes the file of this name.
fn measure(steps: &Steps, chrome: &Path, rounds: u32, name: &str, arguments: &[&OsStr]) -> Outcome {
    let out = tools::target_folder().join(name);
    steps.run("benchmark", || {
        run(command("node")
            .arg(folder().join("bench.mjs"))
            .args([out.as_os_str(), rounds.to_string().as_ref()])
            .args(arguments)
            .env("CHROME", chrome)
            .env("HERSENSCAN", tools::native_program()))
    })?;
    print(&format!("\nThe same numbers are in {}.", out.display()));
    Ok(())
}

fn folder() -> PathBuf {
    root().join("xtask/bench")
}
