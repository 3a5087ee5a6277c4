//! `cargo xtask test`: all checks.

use crate::browser::{BrowserTests, TakeFirst};
use crate::command::{FOR_TESTS, Outcome, cargo, command, in_ci, locked, print, run};
use crate::steps::Steps;
use crate::{fuzz, metadata, other_browsers, reproduce, scans, site, tools};

/// Names of the parts. All run by default but those of [`ONLY_NAMED`].
const PARTS: [&str; 9] = ["format", "lint", "native", "metadata", "fuzz", "site", "browser", "browsers", "reproduce"];

/// Parts that run only if named: a tour in other browsers, and a second build of the site.
const ONLY_NAMED: [&str; 2] = ["browsers", "reproduce"];

/// Seconds of fuzzing for each file format.
const FUZZ_SECONDS: u64 = 10;

/// Runs the named parts, or all. Stops at the first failure.
pub fn test(steps: &Steps, parts: &[&str]) -> Outcome {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(format!("no such part: {unknown}. The parts are: {}", PARTS.join(" ")));
    }
    let wanted = |part: &str| parts.contains(&part) || (parts.is_empty() && !ONLY_NAMED.contains(&part));
    if wanted("format") {
        steps.run("format", || {
            run(cargo().args(["fmt", "--all", "--check"]))?;
            run(command("python3").args(["docs/imports.py", "check"]))
        })?;
    }
    if wanted("native") || wanted("site") || wanted("reproduce") {
        steps.run("real scans", scans::ensure_all)?;
        if in_ci() {
            scans::require()?;
        }
    }
    // Native programs and programs for the browser are compiled in separate folders, so cargo can build both at once.
    // Each linker run and many crates use one core only: side by side they keep two cores busy.
    let checks = || -> Outcome {
        if wanted("lint") {
            steps.run("lint, native", || clippy(&["--workspace", "--all-targets", "--release"]))?;
        }
        if wanted("native") {
            native_tests(steps)?;
        }
        if wanted("metadata") {
            // After the native tests, which compile the same program.
            metadata::test(steps)?;
        }
        if wanted("fuzz") {
            fuzz::fuzz_all(steps, FUZZ_SECONDS)?;
        }
        if wanted("lint") {
            // Last, because it waits for the compilation of the site.
            steps.run("wasm target", tools::ensure_wasm_target)?;
            // All features at once: one by one, most dependencies would be checked twice.
            steps.run("lint, browser", || {
                clippy(
                    &["--target", "wasm32-unknown-unknown", "--profile", "site"]
                        .iter()
                        .chain(&["--no-default-features", "--features", "gpu,reader,ui"])
                        .copied()
                        .collect::<Vec<_>>(),
                )
            })?;
        }
        Ok(())
    };
    let site = || -> Outcome { if wanted("site") || wanted("reproduce") { site::build(steps, &[]) } else { Ok(()) } };
    // The browser tests begin when the site is there: calm files beside the native checks, and busy files after these.
    let tests = BrowserTests::default();
    let native = || -> Outcome {
        checks()?;
        if wanted("browser") { tests.run(steps, TakeFirst::Busiest, site) } else { Ok(()) }
    };
    let in_browser =
        || -> Outcome { if wanted("browser") { tests.run(steps, TakeFirst::Calmest, site) } else { site() } };
    steps.run_side_by_side(vec![Box::new(native), Box::new(in_browser)])?;
    tests.outcome()?;
    if wanted("browsers") {
        other_browsers::test(steps)?;
    }
    if wanted("reproduce") {
        reproduce::reproduce(steps)?;
    }
    Ok(())
}

fn native_tests(steps: &Steps) -> Outcome {
    match steps.run("exiftool", tools::ensure_exiftool) {
        Err(why) if in_ci() => return Err(why),
        Err(why) => print(&why),
        Ok(()) => {}
    }
    steps.run("native tests", || run(cargo().args(["test", "--release", "--workspace"]).args(FOR_TESTS).args(locked())))
}

fn clippy(arguments: &[&str]) -> Outcome {
    run(cargo().arg("clippy").args(arguments).args(locked()).args(["--", "--deny", "warnings"]))
}
