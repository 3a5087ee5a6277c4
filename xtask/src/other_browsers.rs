//! `cargo xtask test browsers`: a tour of the built site in Firefox and in WebKit.

use std::path::PathBuf;

use crate::browser;
use crate::command::{Outcome, command, run};
use crate::steps::Steps;
use crate::tools;

/// Programs that the tour needs, and their Debian packages.
const NEEDED: [(&[&str], &str); 3] =
    [(&["firefox", "firefox-esr"], "firefox-esr"), (&["WebKitWebDriver"], "webkit2gtk-driver"), (&["Xvfb"], "xvfb")];

/// Runs the tour in each browser. A failure in one does not stop the other.
pub fn test(steps: &Steps) -> Outcome {
    let folder = tools::node_folder().join("browsers");
    steps.run("npm packages", || {
        tools::ensure_node_packages()?;
        tools::ensure_npm_packages(&folder)
    })?;
    let firefox = steps.run("browsers", ensure_browsers)?;
    steps.run("native program", browser::build_program_for_tests)?;
    let mut failures = Vec::new();
    for browser in ["firefox", "webkit"] {
        let tour = || {
            run(command("node")
                .args(["--test", "--test-reporter=spec", "tour.mjs"])
                .current_dir(&folder)
                .env("BROWSER", browser)
                .env("FIREFOX", &firefox)
                .env("HERSENSCAN", tools::native_program()))
        };
        if steps.run(&format!("tour, {browser}"), tour).is_err() {
            failures.push(browser);
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(format!("the tour failed in {}", failures.join(" and "))) }
}

/// Returns the path of Firefox. On Debian, root installs what is missing.
fn ensure_browsers() -> Outcome<PathBuf> {
    let missing =
        || NEEDED.iter().filter(|(names, _)| find(names).is_none()).map(|(_, package)| *package).collect::<Vec<_>>();
    if !missing().is_empty() && tools::is_debian_root() {
        tools::install_debian_packages(&missing())?;
    }
    match (find(NEEDED[0].0), missing()) {
        (Some(firefox), missing) if missing.is_empty() => Ok(firefox),
        (_, missing) => Err(format!(
            "the tour needs Firefox, and WebKitGTK with its driver on an X server without a screen. Install what is missing; the \
             packages of Debian are: {}",
            missing.join(" ")
        )),
    }
}

/// The first of these programs on the `PATH`.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let files = names.iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}
