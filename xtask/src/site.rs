//! Builds the site with Trunk, and serves it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::command::{Outcome, command, remap_paths, root, run};
use crate::steps::Steps;
use crate::{scans, tools};

/// The start of the line of `index.html` that compiles the engine with WebGPU, which also trains.
const TRAINER: &str = r#"<link data-trunk rel="rust" data-bin="engine-gpu""#;

/// Builds `dist/`. Pages of `origins` may show the site in a frame; without one, only pages of its own host.
pub fn build(steps: &Steps, origins: &[&str]) -> Outcome {
    let path = prepare(steps)?;
    finish(steps, &path, origins)
}

/// What a build needs. Returns the `PATH` with the tools.
fn prepare(steps: &Steps) -> Outcome<OsString> {
    let path = steps.run("tools", tools::ensure_site_tools)?;
    steps.run("real scans", scans::ensure_all)?;
    steps.run("licences", write_licences)?;
    Ok(path)
}

fn finish(steps: &Steps, path: &OsStr, origins: &[&str]) -> Outcome {
    steps.run("site", || bundle(&root(), path))?;
    steps.run("release files", || add_release_files(&root(), origins))
}

/// Announces the steps and how long they take on two cores: the first time, or from then on. `without_trainer` adds a first build of
/// the site without training and WebGPU.
fn plan(steps: &Steps, without_trainer: bool) {
    let minutes = |done: bool, first: f64, later: f64| if done { later } else { first };
    let tools = tools::tools_folder().join("bin/wasm-bindgen").is_file();
    let scans = tools::program("site", "scans").is_file();
    let mut plan =
        vec![("tools", minutes(tools, 5.0, 0.0)), ("real scans", minutes(scans, 1.0, 0.0)), ("licences", 0.0)];
    if without_trainer {
        plan.extend([(WITHOUT_TRAINER, 8.0), ("site", 7.7)]);
    } else {
        plan.push(("site", minutes(trainer_is_compiled(), 15.7, 6.0)));
    }
    plan.push(("release files", 0.0));
    steps.plan(&plan);
}

const WITHOUT_TRAINER: &str = "site without training and WebGPU";

/// Whether the program that takes longest was compiled before.
fn trainer_is_compiled() -> bool {
    tools::target_folder().join("wasm32-unknown-unknown/gpu/engine-gpu.wasm").is_file()
}

/// Builds `dist/` in a checkout. `path` is the `PATH` with the tools.
pub fn bundle(checkout: &Path, path: &OsStr) -> Outcome {
    bundle_page(checkout, path, "index.html")
}

/// Builds `dist/` without the engine that trains and uses WebGPU, which takes longest to compile.
fn bundle_without_trainer(path: &OsStr) -> Outcome {
    let page = fs::read_to_string(root().join("index.html")).map_err(|error| format!("index.html: {error}"))?;
    let kept: Vec<&str> = page.lines().filter(|line| !line.trim_start().starts_with(TRAINER)).collect();
    // Beside index.html, because Trunk resolves the names of files from there.
    let name = "index-without-training.html";
    let file = root().join(name);
    fs::write(&file, kept.join("\n")).map_err(|error| format!("{name}: {error}"))?;
    let outcome = bundle_page(&root(), path, name);
    // The file is in .gitignore: one that stays does no harm.
    _ = fs::remove_file(&file);
    outcome
}

fn bundle_page(checkout: &Path, path: &OsStr, page: &str) -> Outcome {
    let mut trunk = command("trunk");
    remap_paths(&mut trunk);
    run(trunk
        .args(["build", "--release", "--html-output", "index.html", page])
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
    plan(steps, false);
    build(steps, origins)?;
    steps.run("sizes", || run(command("node").args(["xtask/release/sizes.mjs", "dist"])))?;
    println!("\nThe site is in {}. Any static host can serve it, under any address.", root().join("dist").display());
    Ok(())
}

/// Builds the site and serves it until it is interrupted. The first build takes long, so the site is first served without
/// training and WebGPU.
pub fn serve(steps: &Steps, port: u16) -> Outcome {
    check_port(port)?;
    let early = !trainer_is_compiled();
    plan(steps, early);
    let path = prepare(steps)?;
    let mut server = None;
    if early {
        steps.run(WITHOUT_TRAINER, || bundle_without_trainer(&path))?;
        add_release_files(&root(), &[])?;
        server = Some(SiteServer::start(port)?);
        println!("\nThe page is served already. Training and WebGPU follow: then reload the page.");
    }
    finish(steps, &path, &[])?;
    steps.report();
    println!();
    match server {
        Some(server) => {
            println!("All of the site is served now: reload the page.");
            server.wait()
        }
        None => SiteServer::start(port)?.wait(),
    }
}

/// Fails before a long build if the site could not be served after it.
fn check_port(port: u16) -> Outcome {
    let tried = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    tried.map(drop).map_err(|error| format!("port {port} cannot be used ({error}): choose another with `--port`"))
}

/// Serves `dist/`, and stops when it is dropped.
struct SiteServer {
    process: Child,
    port: u16,
}

impl SiteServer {
    fn start(port: u16) -> Outcome<Self> {
        let mut node = command("node");
        node.args(["tests/e2e/server.mjs", "dist", &port.to_string()]).stdin(Stdio::null());
        let process = node.spawn().map_err(|error| format!("the server could not be started: {error}"))?;
        Ok(Self { process, port })
    }

    /// Waits until the server is interrupted.
    fn wait(mut self) -> Outcome {
        match self.process.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(format!("the server stopped; if port {} is in use, choose another with `--port`", self.port)),
        }
    }
}

impl Drop for SiteServer {
    fn drop(&mut self) {
        // It has ended already if somebody waited for it.
        _ = self.process.kill();
    }
}
