//! All checks, cheapest first.

use std::fs;

use crate::run::{Outcome, Steps, cargo, command, run};
use crate::{features, fuzz, release, scans, site, tools};

const PARTS: [&str; 7] = ["format", "lint", "native", "fuzz", "site", "browser", "reproduce"];

/// Runs the named parts, or all, and stops at the first that fails.
pub fn all(steps: &mut Steps, parts: &[&str]) -> Outcome {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(format!("no such part: {unknown}. There are: {}", PARTS.join(" ")));
    }
    // A second build of the whole site costs minutes: only for who asks for it.
    let wanted = |part| parts.contains(&part) || (parts.is_empty() && part != "reproduce");
    if wanted("format") {
        steps.take("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    }
    if wanted("lint") {
        // In the profiles of the builds that follow, so that macros and build scripts compile once.
        steps.take("lint, native", || clippy(&["--workspace", "--all-targets", "--release"]))?;
        steps.take("wasm target", tools::wasm_target)?;
        // Page, engines and reader at once: apart they would compile every dependency twice.
        steps.take("lint, browser", || {
            let target = ["--target", "wasm32-unknown-unknown", "--profile", "site"];
            clippy(&[&target[..], &["--no-default-features", "--features", "gpu,reader,ui"]].concat())
        })?;
    }
    if wanted("native") {
        // So that the tests that look at real scans have some.
        steps.take("real scans", scans::for_site)?;
        // So that the test of the network for features has its weights; without a network it says that it has not run.
        if let Err(why) = steps.take("features", features::make) {
            println!("{why}");
        }
        steps.take("native tests", || run(cargo().args(["test", "--release"]).args(locked())))?;
    }
    if wanted("fuzz") {
        fuzz::all(steps, 60)?;
    }
    if wanted("site") || wanted("reproduce") {
        site::build(steps)?;
    }
    if wanted("browser") {
        browser(steps)?;
    }
    if wanted("reproduce") {
        release::reproduce(steps)?;
    }
    Ok(())
}

/// The built site in a real browser, and its pictures next to those of the native program.
fn browser(steps: &mut Steps) -> Outcome {
    steps.take("npm packages", tools::node_packages)?;
    let chrome = steps.take("browser", tools::browser)?;
    steps.take("native program", native_program)?;
    steps.take("browser tests", || {
        let folder = tools::node_folder();
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        files.retain(|name| name.to_string_lossy().ends_with(".test.mjs"));
        files.sort();
        // One file at a time: two browsers at once starve each other on a small machine.
        run(command("node")
            .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
            .args(files)
            .current_dir(folder)
            .env("CHROME", chrome)
            .env("HERSENSCAN", tools::target_folder().join("release/hersenscan")))
    })
}

/// The command line, optimised.
pub fn native_program() -> Outcome {
    run(cargo().args(["build", "--release", "--bin", "hersenscan"]).args(locked()))
}

fn clippy(arguments: &[&str]) -> Outcome {
    run(cargo().arg("clippy").args(arguments).args(locked()).args(["--", "--deny", "warnings"]))
}

/// Where nobody watches, a `Cargo.lock` that does not fit is an error and not a change.
pub fn locked() -> Option<&'static str> {
    std::env::var_os("CI").map(|_| "--locked")
}
