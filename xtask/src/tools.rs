//! The tools of the build. Each is found on this computer or installed.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, cargo, command, output, print, root, run};

const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";

/// The folder of the browser tests, with their npm packages.
pub fn node_folder() -> PathBuf {
    root().join("tests/e2e")
}

/// Cargo's target folder.
pub fn target_folder() -> PathBuf {
    // This program is in the target folder, and cargo marks that folder with a file.
    let program = env::current_exe().unwrap_or_default();
    let marked = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.map_or_else(|| root().join("target"), Path::to_owned)
}

/// A native program that cargo compiled in this profile.
pub fn program(profile: &str, name: &str) -> PathBuf {
    target_folder().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The command line, as [`crate::browser::build_native_program`] compiles it.
pub fn native_program() -> PathBuf {
    program("release", "hersenscan")
}

/// The folder of the installed tools. It is in the target folder: it survives `git clean`, and `cargo clean` removes it.
pub fn tools_folder() -> PathBuf {
    target_folder().join("tools")
}

/// Installs what is missing to build the site. Returns the `PATH` with these tools.
pub fn ensure_site_tools() -> Outcome<OsString> {
    ensure_wasm_target()?;
    ensure_node()?;
    // Trunk only starts other programs. Without optimisation it compiles in a fraction of the time.
    ensure_cargo_tool("trunk", "trunk", TRUNK, "0", &["--locked", "--no-default-features"])?;
    // Its other two programs run tests and convert modules.
    let only = ["--bin", "wasm-bindgen"];
    ensure_cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &locked_version("wasm-bindgen")?, "1", &only)?;

    let mut folders = vec![tools_folder().join("bin")];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).map_err(|error| format!("PATH contains a folder that cannot be used: {error}"))
}

/// Installs Rust's standard library for WebAssembly.
pub fn ensure_wasm_target() -> Outcome {
    let library = output(command("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    run(command("rustup").args(["target", "add", WASM])).map_err(|why| {
        format!("{why}\nThe site needs Rust's {WASM} target. With rustup: `rustup target add {WASM}`. Other installations of Rust have a package for it.")
    })
}

/// Installs the npm packages of the browser tests.
pub fn ensure_node_packages() -> Outcome {
    ensure_npm_packages(&node_folder())
}

/// Makes sure of Node.js, which runs the scripts of the build.
fn ensure_node() -> Outcome {
    let version = output(command("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 20) {
        return Ok(());
    }
    Err(format!(
        "Node.js 20 or newer is needed, with npm; {}. Install it from https://nodejs.org or with your system's packages.",
        if version.is_empty() { "none was found".to_owned() } else { format!("{version} was found") }
    ))
}

/// Installs the npm packages of a folder, in the versions of its lock file.
pub fn ensure_npm_packages(folder: &Path) -> Outcome {
    ensure_node()?;
    let modified = |file: &str| fs::metadata(folder.join(file)).and_then(|data| data.modified()).ok();
    if modified("node_modules/.package-lock.json") >= modified("package-lock.json") {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(command(npm)
        .args(["ci", "--no-fund", "--no-audit"])
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// Returns the path of a Chromium. On Debian, root installs it if it is missing.
///
/// The first choice is the headless shell: the same engine without the windows of a desktop browser. It needs about a third less
/// processor time for the tests.
pub fn ensure_browser() -> Outcome<PathBuf> {
    if let Some(path) = env::var_os("CHROME").map(PathBuf::from) {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("CHROME is {}, which is not a file", path.display()))
        };
    }
    let shell = "chromium-headless-shell";
    if let Some(path) = find_program(&[shell]) {
        return Ok(path);
    }
    // An old distribution has the browser only, and without a network what is installed has to do.
    if is_debian_root() && install_debian_packages(&[shell]).is_err() && find_browser().is_none() {
        install_debian_packages(&["chromium"])?;
    }
    find_browser().ok_or_else(|| {
        "the browser tests need Chromium or Chrome: install it (Debian: `apt-get install chromium-headless-shell`), or set the environment variable CHROME to its program".to_owned()
    })
}

/// Makes sure of ExifTool, which reads the metadata of pictures. On Debian, root installs it if it is missing.
pub fn ensure_exiftool() -> Outcome {
    let names = ["exiftool", "exiftool.exe"];
    if find_program(&names).is_none() && is_debian_root() {
        install_debian_packages(&["libimage-exiftool-perl"])?;
    }
    match find_program(&names) {
        Some(_) => Ok(()),
        None => Err("the tests of picture metadata need exiftool: install it (Debian: `apt-get install libimage-exiftool-perl`)"
            .to_owned()),
    }
}

/// Installs nginx, which the test of the files for hosts runs, on Debian as root if it is missing. Elsewhere that test says what it
/// lacks.
pub fn ensure_nginx() -> Outcome {
    if find_program(&["nginx"]).is_none() && is_debian_root() {
        install_debian_packages(&["nginx-light"])
    } else {
        Ok(())
    }
}

/// Whether packages can be installed: this is Debian, and the user is root.
pub fn is_debian_root() -> bool {
    let is_root = output(command("id").arg("-u")).as_deref() == Some("0");
    is_root && Path::new("/etc/debian_version").exists()
}

/// Installs packages of Debian.
pub fn install_debian_packages(packages: &[&str]) -> Outcome {
    run(command("apt-get").args(["update", "-qq"]))?;
    run(command("apt-get")
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn find_browser() -> Option<PathBuf> {
    let names = [
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome.exe",
    ];
    let fixed = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];
    find_program(&names).or_else(|| fixed.iter().map(PathBuf::from).find(|file| file.is_file()))
}

/// The first of these programs on the `PATH`.
fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// Makes sure of a command-line tool from crates.io in exactly this version: one on the `PATH`, or one in our own folder.
fn ensure_cargo_tool(package: &str, program: &str, version: &str, opt_level: &str, options: &[&str]) -> Outcome {
    let ours = tools_folder().join("bin").join(program);
    let has_version = |program: &Path| {
        let text = output(command(program).arg("--version"));
        text.is_some_and(|text| text.split_whitespace().any(|word| word == version))
    };
    if has_version(&ours) || (!ours.exists() && has_version(Path::new(program))) {
        return Ok(());
    }
    print(&format!("compiling {program} {version}, once"));
    run(cargo()
        .args(["install", package, "--force", "--version", version, "--root"])
        .arg(tools_folder())
        .args(options)
        .env("CARGO_TARGET_DIR", tools_folder().join("build"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off"))
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock has no package {package}"))
}
