//! `cargo xtask release`: makes `release/`, ready to hand to Zenodo.

use std::path::PathBuf;

use crate::command::{Outcome, root, run};
use crate::steps::Steps;
use crate::{browser, python, site, tools};

/// Builds the site, or takes one that was built before, and makes the folder.
pub fn release(steps: &Steps, built: Option<&str>) -> Outcome {
    let site = match built {
        Some(folder) => std::env::current_dir().unwrap_or_default().join(folder),
        None => {
            site::build(steps, &[])?;
            root().join("dist")
        }
    };
    steps.run("native program", browser::build_native_program)?;
    let out: PathBuf = root().join("release");
    steps.run("release", || {
        python::ensure()?;
        let mut script = python::script("xtask/release/release.py");
        run(script.arg("--program").arg(tools::native_program()).arg("--site").arg(site).arg("--out").arg(&out))
    })?;
    println!("\nThe release is in {}. How to hand it to Zenodo: docs/exports.md.", out.display());
    Ok(())
}
