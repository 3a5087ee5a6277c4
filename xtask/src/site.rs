//! The site: built by Trunk, served by the small server that the browser tests use too.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use crate::run::{Outcome, Steps, command, nameless, root, run};
use crate::{licences, release, scans, tools};

/// Builds `dist/`.
pub fn build(steps: &mut Steps) -> Outcome {
    let path = steps.take("tools", tools::for_site)?;
    steps.take("real scans", scans::for_site)?;
    steps.take("licences", licences::write)?;
    steps.take("site", || bundle(&root(), &path))?;
    steps.take("headers, service worker, hashes", || release::finish(&root()))
}

/// Bundles `dist/` in a checkout, with the tools on this `PATH`.
pub fn bundle(checkout: &Path, path: &OsStr) -> Outcome {
    let mut trunk = command("trunk");
    nameless(&mut trunk);
    run(trunk
        .args(["build", "--release"])
        .current_dir(checkout)
        .env("PATH", path)
        // So that all checkouts share what is compiled.
        .env("CARGO_TARGET_DIR", tools::target_folder())
        // Trunk takes only `true` or `false` here and refuses the customary `1`.
        .env_remove("NO_COLOR"))
}

/// Builds `dist/` and lists what it weighs.
pub fn dist(steps: &mut Steps) -> Outcome {
    build(steps)?;
    steps.take("sizes", || run(command("node").args(["tests/e2e/sizes.mjs", "dist"])))?;
    println!(
        "\nThe site is the folder {}: put it on any static host, under any address.",
        root().join("dist").display()
    );
    Ok(())
}

/// Builds the site and serves it until it is interrupted.
pub fn serve(steps: &mut Steps, port: u16) -> Outcome {
    build(steps)?;
    steps.report();
    *steps = Steps::default();
    println!();
    let mut server = command("node");
    server.args(["tests/e2e/server.mjs", "dist", &port.to_string()]).stdin(Stdio::null());
    match server.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("the server stopped; if port {port} is taken, choose another with `--port`")),
        Err(error) => Err(format!("the server could not be started: {error}")),
    }
}
