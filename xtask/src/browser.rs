//! The browser tests: the built site in Chromium, compared with the native program where both compute the same.

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

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

/// Whether a sequence takes busy or calm test files first. With one sequence of each kind, two busy files rarely run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeFirst {
    Busiest,
    Calmest,
}

/// The test files of `tests/e2e` that are still to run, and what they need. Several sequences of steps may share them.
#[derive(Default)]
pub struct BrowserTests {
    /// Set by the first sequence that arrives; others wait for it.
    prepared: OnceLock<Outcome<Prepared>>,
    failures: Mutex<Vec<String>>,
}

struct Prepared {
    chrome: PathBuf,
    queue: Mutex<VecDeque<String>>,
}

impl BrowserTests {
    /// Runs test files until none is left. Before the first, `site` makes the site. A failure does not stop the other files:
    /// [`outcome`](Self::outcome) lists them.
    pub fn run(&self, steps: &Steps, first: TakeFirst, site: impl FnOnce() -> Outcome) -> Outcome {
        let prepared = self.prepared.get_or_init(|| {
            site()?;
            Prepared::new(steps)
        });
        let prepared = prepared.as_ref().map_err(Clone::clone)?;
        while let Some(name) = prepared.next(first) {
            if steps.failed() {
                break;
            }
            if prepared.test(steps, &name).is_err()
                && let Ok(mut failures) = self.failures.lock()
            {
                failures.push(name);
            }
        }
        Ok(())
    }

    /// Fails if a test file failed.
    pub fn outcome(self) -> Outcome {
        let failures = self.failures.into_inner().unwrap_or_default();
        if failures.is_empty() { Ok(()) } else { Err(format!("browser tests failed: {}", failures.join(", "))) }
    }
}

impl Prepared {
    fn new(steps: &Steps) -> Outcome<Self> {
        steps.run("npm packages", tools::ensure_node_packages)?;
        let chrome = steps.run("browser", tools::ensure_browser)?;
        steps.run("nginx", tools::ensure_nginx)?;
        steps.run("native program", build_program_for_tests)?;
        Ok(Self { chrome, queue: Mutex::new(test_files()?) })
    }

    fn next(&self, first: TakeFirst) -> Option<String> {
        let mut queue = self.queue.lock().ok()?;
        match first {
            TakeFirst::Busiest => queue.pop_front(),
            TakeFirst::Calmest => queue.pop_back(),
        }
    }

    fn test(&self, steps: &Steps, name: &str) -> Outcome {
        steps.run(&format!("browser, {name}"), || {
            run(command("node")
                .args(["--test", "--test-reporter=spec", &format!("{name}.test.mjs")])
                .current_dir(tools::node_folder())
                .env("CHROME", &self.chrome)
                .env("HERSENSCAN", tools::native_program()))
        })
    }
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
