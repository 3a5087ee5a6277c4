//! The tools of the build: found, or installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, cargo, command, output, root, run};

const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";

/// The folder of the npm packages: wasm-opt, and what drives the browser.
pub fn node_folder() -> PathBuf {
    root().join("tests/e2e")
}

/// Where this build puts its results.
pub fn target_folder() -> PathBuf {
    // cargo tags the folder, wherever its settings put it, and this program lies in it.
    let program = env::current_exe().unwrap_or_default();
    let tagged = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    tagged.map_or_else(|| root().join("target"), Path::to_owned)
}

/// Makes sure of all that builds the site; answers the `PATH` on which the bundler finds its helpers.
pub fn for_site() -> Outcome<std::ffi::OsString> {
    wasm_target()?;
    // Trunk only starts others, so it needs no optimising, which would take most of its time to compile.
    cargo_tool("trunk", TRUNK, "0", &["--locked", "--no-default-features"])?;
    cargo_tool("wasm-bindgen", &locked_version("wasm-bindgen")?, "1", &[])?;
    node_packages()?;

    let mut folders = vec![tools_folder().join("bin"), node_folder().join("node_modules/.bin")];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).map_err(|error| format!("PATH holds a folder that cannot be used: {error}"))
}

/// The standard library for the browser.
pub fn wasm_target() -> Outcome {
    let library = output(command("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    run(command("rustup").args(["target", "add", WASM])).map_err(|why| {
        format!("{why}\nThe site needs Rust's {WASM} target. With rustup: `rustup target add {WASM}`. A Rust from elsewhere has it in a package of its own.")
    })
}

/// The npm packages of the exact versions in the lock file.
pub fn node_packages() -> Outcome {
    let version = output(command("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return Err(format!(
            "Node.js 20 or newer is needed, with npm; {}. Install it from https://nodejs.org or with your system's packages.",
            if version.is_empty() { "none was found".to_owned() } else { format!("{version} was found") }
        ));
    }
    let age = |file: &str| fs::metadata(node_folder().join(file)).and_then(|data| data.modified()).ok();
    if age("node_modules/.package-lock.json") >= age("package-lock.json") {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(command(npm)
        .args(["ci", "--no-fund", "--no-audit"])
        .current_dir(node_folder())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// A Chromium for the tests.
pub fn browser() -> Outcome<PathBuf> {
    if let Some(path) = env::var_os("CHROME").map(PathBuf::from) {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("CHROME names {}, which is not a file", path.display()))
        };
    }
    if let Some(path) = find_browser() {
        return Ok(path);
    }
    let root = output(command("id").arg("-u")).as_deref() == Some("0");
    if root && Path::new("/etc/debian_version").exists() {
        run(command("apt-get").args(["update", "-qq"]))?;
        run(command("apt-get").args(["install", "-y", "-qq", "chromium"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    find_browser().ok_or_else(|| {
        "the browser tests need Chromium or Chrome: install one (Debian: `apt-get install chromium`), or name its program in the environment variable CHROME".to_owned()
    })
}

fn find_browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
    let fixed = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = names.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    on_path.chain(fixed.iter().map(PathBuf::from)).find(|file| file.is_file())
}

/// Tools live beside the build's results: they survive `git clean`, and `cargo clean` removes them.
pub fn tools_folder() -> PathBuf {
    target_folder().join("tools")
}

/// A command-line tool from crates.io, of exactly this version: one already installed, or a new one of our own.
fn cargo_tool(program: &str, version: &str, optimise: &str, options: &[&str]) -> Outcome {
    let ours = tools_folder().join("bin").join(program);
    let fits = |program: &Path| {
        let told = output(command(program).arg("--version"));
        told.is_some_and(|text| text.split_whitespace().any(|word| word == version))
    };
    if fits(&ours) || (!ours.exists() && fits(Path::new(program))) {
        return Ok(());
    }
    println!("{program} {version} is compiled once, in a few minutes");
    let package = if program == "wasm-bindgen" { "wasm-bindgen-cli" } else { program };
    run(cargo()
        .args(["install", package, "--force", "--version", version, "--root"])
        .arg(tools_folder())
        .args(options)
        .env("CARGO_TARGET_DIR", tools_folder().join("build"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimise)
        .env("CARGO_PROFILE_RELEASE_LTO", "off"))
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock names no version of {package}"))
}
