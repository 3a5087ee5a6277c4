//! `cargo xtask gpu`: the site on a graphics card, in headless Chromium, and the native program beside it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, cargo, command, locked, print, root, run};
use crate::steps::Steps;
use crate::{browser, site, tools};

/// What the script and its modules need, relative to the repository.
const PACKED: [&str; 7] = [
    "dist",
    "xtask/gpu",
    // The headers that the server sends.
    "xtask/release/headers.mjs",
    "tests/e2e/package.json",
    "tests/e2e/server.mjs",
    "tests/e2e/support",
    "tests/e2e/node_modules/playwright-core",
];

/// Starts the script in a packed folder.
const START: &str = r#"#!/bin/sh
# Measures the site on this computer's graphics card. Needs no network and no compiler, but these programs, from Debian's packages:
#   node (20 or newer): nodejs
#   Chromium: chromium-headless-shell or chromium. Another one: set CHROME to its program
#   Vulkan: libvulkan1, and the driver of the card: mesa-vulkan-drivers for AMD and Intel, that of NVIDIA for NVIDIA
cd "$(dirname "$0")" || exit
CHROME="${CHROME:-$(command -v chromium-headless-shell chromium google-chrome | head -n 1)}"
HERSENSCAN="${HERSENSCAN:-$PWD/hersenscan}"
export CHROME HERSENSCAN
exec node xtask/gpu/gpu.mjs "${1:-gpu.json}"
"#;

/// What the command line asks for.
#[derive(Debug, Default, PartialEq)]
pub struct GpuArguments {
    /// Build the native program with `wgpu`.
    native: bool,
    /// Put everything into this folder instead of running it.
    pack: Option<PathBuf>,
}

impl GpuArguments {
    /// Reads the arguments.
    pub fn parse(mut arguments: &[&str]) -> Outcome<Self> {
        let mut parsed = Self::default();
        loop {
            arguments = match arguments {
                [] => return Ok(parsed),
                ["--native", rest @ ..] => {
                    parsed.native = true;
                    rest
                }
                ["--pack", folder, rest @ ..] => {
                    parsed.pack = Some(folder.into());
                    rest
                }
                ["--pack"] => return Err("--pack needs a folder".to_owned()),
                [other, ..] => return Err(format!("gpu has no argument {other}: it has --native and --pack FOLDER")),
            };
        }
    }
}

/// Runs the script on this computer, or packs it for another one. Uses the site in `dist/`, and builds it only if there is none.
/// Writes `gpu.json` into the target folder.
pub fn gpu(steps: &Steps, arguments: &GpuArguments) -> Outcome {
    if root().join("dist/index.html").is_file() {
        print("The site in dist/ is used as it is. `cargo xtask dist` builds it anew.");
        steps.run("npm packages", tools::ensure_node_packages)?;
    } else {
        site::build(steps, &[])?;
    }
    if arguments.native {
        steps.run("native program with wgpu", || {
            run(cargo().args(["build", "--release", "--bin", "hersenscan", "--features", "wgpu"]).args(locked()))
        })?;
    } else {
        steps.run("native program", browser::build_native_program)?;
    }
    if let Some(folder) = &arguments.pack {
        return steps.run("pack", || pack(folder));
    }
    let chrome = steps.run("browser", tools::ensure_browser)?;
    let out = tools::target_folder().join("gpu.json");
    let outcome = steps.run("graphics card", || {
        run(command("node")
            .arg("xtask/gpu/gpu.mjs")
            .arg(&out)
            .env("CHROME", &chrome)
            .env("HERSENSCAN", tools::native_program()))
    });
    print(&format!("\nAll results are in {}.", out.display()));
    outcome
}

/// Copies what the script needs, the native program included.
fn pack(folder: &Path) -> Outcome {
    let folder = std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for part in PACKED {
        copy(&root().join(part), &folder.join(part))?;
    }
    let program = tools::native_program();
    copy(&program, &folder.join("hersenscan"))?;
    let start = folder.join("run.sh");
    fs::write(&start, START).map_err(|error| format!("{}: {error}", start.display()))?;
    print(&format!(
        "\nCopy {} to a computer with a graphics card, and run `sh run.sh` there. The script says what it needs.",
        folder.display()
    ));
    Ok(())
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Outcome {
    let failed = |error: std::io::Error| format!("{} to {}: {error}", from.display(), to.display());
    if from.is_dir() {
        fs::create_dir_all(to).map_err(failed)?;
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::copy(from, to).map(drop).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_in_any_order_and_wrong_ones_are_refused() {
        let both = GpuArguments { native: true, pack: Some("there".into()) };
        assert_eq!(GpuArguments::parse(&["--native", "--pack", "there"]), Ok(both));
        assert_eq!(GpuArguments::parse(&["--pack", "there"]).map(|parsed| parsed.native), Ok(false));
        assert_eq!(GpuArguments::parse(&[]), Ok(GpuArguments::default()));
        assert!(GpuArguments::parse(&["--pack"]).is_err() && GpuArguments::parse(&["--fast"]).is_err());
    }

    #[test]
    fn everything_that_is_packed_is_in_the_repository_or_made_by_the_build() {
        for part in PACKED.iter().filter(|part| !["dist", "node_modules"].iter().any(|made| part.contains(made))) {
            assert!(root().join(part).exists(), "{part}");
        }
    }
}
