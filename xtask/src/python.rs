//! Python, in virtual environments beside the other tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Outcome, command, output, root, run};
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
    create(&folder())
}

/// A separate virtual environment for the packages of a requirements file, because they may conflict with others. Returns its
/// interpreter. The packages are installed again when the file has changed.
pub fn environment(name: &str, requirements: &str) -> Outcome<PathBuf> {
    let (folder, file) = (tools_folder().join(name), root().join(requirements));
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let wanted = fs::read_to_string(&file).map_err(|error| failed(&file, error))?;
    let (python, note) = (program(&folder), folder.join("installed.txt"));
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    create(&folder)?;
    run(command(&python).args(["-m", "pip", "install", "--quiet", "--retries", "1", "--requirement"]).arg(&file))?;
    fs::write(&note, wanted).map_err(|error| failed(&note, error))?;
    Ok(python)
}

fn create(folder: &Path) -> Outcome {
    if program(folder).is_file() {
        return Ok(());
    }
    let system = ["python3", "python"].into_iter().find(|name| output(command(name).arg("--version")).is_some());
    let system = system.ok_or("Python 3 was not found")?;
    run(command(system).args(["-m", "venv"]).arg(folder)).map_err(|why| {
        // An incomplete environment must not look complete to the next run.
        let _ = fs::remove_dir_all(folder);
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

/// Downloads the wheel of a package that is the same on all systems, in exactly this version, into a folder. Returns its path.
pub fn download(name: &str, version: &str, folder: &Path) -> Outcome<PathBuf> {
    ensure()?;
    let package = format!("{name}=={version}");
    let pip = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"];
    run(module("pip").args(pip).arg(folder).arg(&package))
        .map_err(|why| format!("{why}\n{package} could not be downloaded: is there a network?"))?;
    Ok(folder.join(format!("{name}-{version}-py2.py3-none-any.whl")))
}

fn folder() -> PathBuf {
    tools_folder().join("python")
}

fn interpreter() -> PathBuf {
    program(&folder())
}

fn program(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}
