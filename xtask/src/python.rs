//! Python, in a virtual environment beside the other tools.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{Outcome, command, output, run};
use crate::tools::tools_folder;

/// A command that runs a Python module. Call [`ensure`] first.
pub fn module(name: &str) -> Command {
    let mut python = command(interpreter());
    python.args(["-m", name]);
    python
}

/// A command that runs a script of the repository. Call [`ensure`] first.
pub fn script(path: &str) -> Command {
    let mut python = command(interpreter());
    python.arg(path);
    python
}

/// Creates the virtual environment if it is missing.
pub fn ensure() -> Outcome {
    if interpreter().is_file() {
        return Ok(());
    }
    let system = ["python3", "python"].into_iter().find(|name| output(command(name).arg("--version")).is_some());
    let system = system.ok_or("Python 3 was not found")?;
    run(command(system).args(["-m", "venv"]).arg(folder())).map_err(|why| {
        // An incomplete environment must not look complete to the next run.
        let _ = fs::remove_dir_all(folder());
        format!("{why}\nPython's module venv is needed. Some systems have a package for it, python3-venv")
    })
}

/// Installs a package in exactly this version if it is missing.
pub fn ensure_package(name: &str, version: &str) -> Outcome {
    ensure()?;
    let query = format!("import importlib.metadata as m; print(m.version('{name}'))");
    if output(command(interpreter()).args(["-c", &query])).as_deref() == Some(version) {
        return Ok(());
    }
    run(module("pip").args(["install", "--quiet", "--retries", "1", &format!("{name}=={version}")]))
}

fn folder() -> PathBuf {
    tools_folder().join("python")
}

fn interpreter() -> PathBuf {
    folder().join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}
