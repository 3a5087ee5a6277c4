//! Builds the site with Trunk, and serves it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use crate::command::{Outcome, command, remap_paths, root, run};
use crate::steps::Steps;
use crate::{scans, tools};

/// Builds `dist/`. Pages of `origins` may show the site in a frame; without one, only pages of its own host.
pub fn build(steps: &Steps, origins: &[&str]) -> Outcome {
    let path = steps.run("tools", tools::ensure_site_tools)?;
    steps.run("real scans", scans::ensure_all)?;
    steps.run("licences", write_licences)?;
    steps.run("site", || bundle(&root(), &path))?;
    steps.run("release files", || add_release_files(&root(), origins))
}

/// Announces the steps of [`build`] and how long they take on two cores: the first time, or from then on.
fn plan(steps: &Steps) {
    let minutes = |done: bool, first: f64, later: f64| if done { later } else { first };
    let tools = tools::tools_folder().join("bin/wasm-bindgen").is_file();
    let scans = tools::program("site", "scans").is_file();
    // The program that takes longest.
    let programs = tools::target_folder().join("wasm32-unknown-unknown/gpu/engine-gpu.wasm").is_file();
    steps.plan(&[
        ("tools", minutes(tools, 6.0, 0.0)),
        ("real scans", minutes(scans, 1.0, 0.0)),
        ("licences", 0.0),
        ("site", minutes(programs, 20.0, 6.0)),
        ("release files", 0.0),
    ]);
}

/// Builds `dist/` in a checkout. `path` is the `PATH` with the tools.
pub fn bundle(checkout: &Path, path: &OsStr) -> Outcome {
    let mut trunk = command("trunk");
    remap_paths(&mut trunk);
    run(trunk
        .args(["build", "--release"])
        .current_dir(checkout)
        .env("PATH", path)
        // All checkouts share the compiled dependencies.
        .env("CARGO_TARGET_DIR", tools::target_folder())
        // Trunk accepts only `true` or `false` here and fails on the usual `1`.
        .env_remove("NO_COLOR"))
}

/// Completes `dist/` in a checkout: headers for hosts, service worker, list of checksums. Pages of `origins` may show the site
/// in a frame.
pub fn add_release_files(checkout: &Path, origins: &[&str]) -> Outcome {
    run(command("node").args(["xtask/release/finish.mjs", "dist"]).args(origins).current_dir(checkout))
}

/// Writes `static/licences.txt`: the licences of all packages in the site. Fails on a licence that is not on the list of
/// allowed ones.
fn write_licences() -> Outcome {
    run(command("node").args(["xtask/release/licences.mjs", "static/licences.txt"]))
}

/// Builds `dist/` and lists the sizes of its files. Pages of `origins` may show the site in a frame.
pub fn dist(steps: &Steps, origins: &[&str]) -> Outcome {
    plan(steps);
    build(steps, origins)?;
    steps.run("sizes", || run(command("node").args(["xtask/release/sizes.mjs", "dist"])))?;
    println!("\nThe site is in {}. Any static host can serve it, under any address.", root().join("dist").display());
    Ok(())
}

/// Builds the site and serves it until it is interrupted.
pub fn serve(steps: &Steps, port: u16) -> Outcome {
    plan(steps);
    build(steps, &[])?;
    steps.report();
    println!();
    let mut server = command("node");
    server.args(["tests/e2e/server.mjs", "dist", &port.to_string()]).stdin(Stdio::null());
    match server.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("the server stopped; if port {port} is in use, choose another with `--port`")),
        Err(error) => Err(format!("the server could not be started: {error}")),
    }
}
