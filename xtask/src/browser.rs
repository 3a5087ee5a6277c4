//! The browser tests: the built site in Chromium, compared with the native program where both compute the same.

use std::collections::VecDeque;
use std::fs;
use std::sync::Mutex;

use crate::command::{FOR_TESTS, Outcome, cargo, command, locked, run};
use crate::steps::Steps;
use crate::tools;

/// Test files by the processor time that they use, most first. Other files come in the middle.
const BUSIEST: [&str; 9] = [
    "training-worker-webgpu",
    "training",
    "training-storage",
    "training-failures",
    "training-worker",
    "training-files",
    "a11y",
    "privacy",
    "offline",
];
const CALMEST: [&str; 5] = ["webgpu", "download-size", "about", "reader-worker", "languages"];

const BUILD_PROGRAM: [&str; 4] = ["build", "--release", "--bin", "hersenscan"];

/// Runs all test files of `tests/e2e`, two at a time.
pub fn test(steps: &Steps) -> Outcome {
    steps.run("npm packages", tools::ensure_node_packages)?;
    let chrome = steps.run("browser", tools::ensure_browser)?;
    steps.run("nginx", tools::ensure_nginx)?;
    steps.run("native program", build_program_for_tests)?;
    let queue = Mutex::new(test_files()?);
    let test_file = |name: &str| {
        steps.run(&format!("browser, {name}"), || {
            run(command("node")
                .args(["--test", "--test-reporter=spec", &format!("{name}.test.mjs")])
                .current_dir(tools::node_folder())
                .env("CHROME", &chrome)
                .env("HERSENSCAN", tools::native_program()))
        })
    };
    // One sequence takes the busy files and the other the calm ones, so that two busy files rarely run at once.
    let take = |from_front: bool| {
        let mut queue = queue.lock().ok()?;
        if from_front { queue.pop_front() } else { queue.pop_back() }
    };
    // A failure does not stop the other files.
    let failures = Mutex::new(Vec::new());
    let sequence = |from_front| {
        let (take, test_file, failures) = (&take, &test_file, &failures);
        move || {
            while let Some(name) = take(from_front) {
                if test_file(&name).is_err()
                    && let Ok(mut failures) = failures.lock()
                {
                    failures.push(name);
                }
            }
            Ok(())
        }
    };
    steps.run_side_by_side(vec![Box::new(sequence(true)), Box::new(sequence(false))])?;
    let failures = failures.into_inner().unwrap_or_default();
    if failures.is_empty() { Ok(()) } else { Err(format!("browser tests failed: {}", failures.join(", "))) }
}

/// Names of the test files without `.test.mjs`, busiest first.
fn test_files() -> Outcome<VecDeque<String>> {
    let folder = tools::node_folder();
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        name.strip_suffix(".test.mjs").map(str::to_owned)
    });
    let mut names: Vec<String> = names.collect();
    let place = |list: &[&str], name: &str| list.iter().position(|other| *other == name);
    names.sort_by_cached_key(|name| match (place(&BUSIEST, name), place(&CALMEST, name)) {
        (Some(place), _) => (0, place, String::new()),
        (_, Some(place)) => (2, CALMEST.len() - place, String::new()),
        _ => (1, 0, name.clone()),
    });
    Ok(names.into())
}

/// Compiles the command line, optimised.
pub fn build_native_program() -> Outcome {
    run(cargo().args(BUILD_PROGRAM).args(locked()))
}

/// Compiles the command line as the native tests do.
pub fn build_program_for_tests() -> Outcome {
    run(cargo().args(BUILD_PROGRAM).args(FOR_TESTS).args(locked()))
}
