//! `cargo xtask test metadata`: independent programs read the descriptions of downloads, models and the project.

use std::path::PathBuf;

use crate::command::{Outcome, command, in_ci, print, run};
use crate::steps::Steps;
use crate::{browser, python, tools};

/// Installs the validators, and runs them on files that the native program writes.
pub fn test(steps: &Steps) -> Outcome {
    // Without a network the validators cannot be fetched the first time.
    let validators = steps.run("validators", || tools::ensure_exiftool().and_then(|()| environment()));
    let python = match validators {
        Err(why) if in_ci() => return Err(why),
        Err(why) => {
            print(&format!("{why}\nThe metadata is not tested"));
            return Ok(());
        }
        Ok(python) => python,
    };
    steps.run("native program", browser::build_program_for_tests)?;
    steps.run("metadata", || {
        run(command(&python)
            .args(["-W", "ignore", "-m", "unittest", "tests/metadata/test_metadata.py"])
            .env("HERSENSCAN", tools::native_program())
            .env("METADATA", tools::target_folder().join("metadata")))
    })
}

fn environment() -> Outcome<PathBuf> {
    python::environment("metadata", "tests/metadata/requirements.txt")
}
