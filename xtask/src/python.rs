//! Python, for the things that only its packages bring: in a folder of its own beside the other tools.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{Outcome, command, output, run};
use crate::tools::tools_folder;

/// A command that runs this module of our Python, which must be there.
pub fn module(name: &str) -> Command {
    let mut python = command(interpreter());
    python.args(["-m", name]);
    python
}

/// A command that runs this file of the repository in our Python, which must be there.
pub fn script(path: &str) -> Command {
    let mut python = command(interpreter());
    python.arg(path);
    python
}

/// Makes sure of our Python.
pub fn ensure() -> Outcome {
    if !interpreter().is_file() {
        let system = ["python3", "python"].into_iter().find(|name| output(command(name).arg("--version")).is_some());
        let system = system.ok_or("Python 3 was not found")?;
        let made = run(command(system).args(["-m", "venv"]).arg(folder()));
        made.map_err(|why| {
            // What was begun would be taken for whole.
            let _ = fs::remove_dir_all(folder());
            format!("{why}\nPython's module venv is needed; some systems have it in a package of its own, python3-venv")
        })?;
    }
    Ok(())
}

/// Makes sure of our Python, and in it of a package of exactly this version.
pub fn package(name: &str, version: &str) -> Outcome {
    ensure()?;
    let ask = format!("import importlib.metadata as m; print(m.version('{name}'))");
    if output(command(interpreter()).args(["-c", &ask])).as_deref() == Some(version) {
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
