//! Fuzzing of the file readers, each format in a program of its own.
//!
//! The programs are those of `cargo fuzz`, built without it: no tool to install, and no nightly compiler.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::command::{Outcome, cargo, command, locked, output, print, root, run};
use crate::steps::Steps;
use crate::tools;

const TARGETS: [&str; 7] = ["dicom", "nifti", "nrrd", "picture", "photo", "zip", "anything"];

/// Number of programs that run at the same time.
const PARALLEL: usize = 2;

/// Coverage instrumentation for libFuzzer, and checks for integer overflow.
const FLAGS: [&str; 8] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// The result of one program.
struct FuzzReport {
    target: &'static str,
    files: u64,
    slowest_ms: u64,
    peak_mib: u64,
    crashed: bool,
}

/// Runs every target for a number of seconds. Fails if a file makes the reader crash, exceed its memory, or time out.
pub fn fuzz_all(steps: &Steps, seconds: u64) -> Outcome {
    let programs = steps.run("fuzz, build", build)?;
    steps.run("fuzz", || {
        let work = tools::target_folder().join("fuzz");
        let queue = Mutex::new(TARGETS.into_iter());
        let next = || queue.lock().ok()?.next();
        let run_queued = || {
            let mut reports = Vec::new();
            while let Some(target) = next() {
                reports.push(fuzz(&programs, &work, target, seconds)?);
            }
            Ok(reports)
        };
        let outcomes: Vec<Outcome<Vec<FuzzReport>>> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(run_queued)).collect();
            runs.into_iter().map(|run| run.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))).collect()
        });
        let mut reports = Vec::new();
        for outcome in outcomes {
            reports.extend(outcome?);
        }
        summarise(&reports, &work)
    })
}

fn summarise(reports: &[FuzzReport], work: &Path) -> Outcome {
    print(&format!("{:>9} {:>12} {:>12} {:>12}  crashes", "target", "files", "slowest", "peak memory"));
    for FuzzReport { target, files, slowest_ms, peak_mib, crashed } in reports {
        let crashes = if *crashed { "yes" } else { "none" };
        print(&format!("{target:>9} {files:>12} {slowest_ms:>9} ms {peak_mib:>8} MiB  {crashes}"));
    }
    let crashed: Vec<&str> = reports.iter().filter(|report| report.crashed).map(|report| report.target).collect();
    if crashed.is_empty() {
        return Ok(());
    }
    let work = work.display();
    Err(format!(
        "the reader crashed ({}). The files are in {work}/crashes/, the messages in {work}/*.log",
        crashed.join(", ")
    ))
}

/// Builds the programs and returns their folder.
fn build() -> Outcome<PathBuf> {
    let version = output(command("rustc").arg("-vV")).unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("`rustc -vV` names no host: install Rust with rustup")?;
    if output(command("c++").arg("--version")).is_none() {
        return Err("libFuzzer needs a C++ compiler: install one, on Debian with `apt-get install g++`".to_owned());
    }
    let folder = tools::target_folder().join("fuzz");
    // With `--target`, the flags do not apply to build scripts and macros.
    run(cargo()
        .args(["build", "--release", "--bins", "--manifest-path", "tests/fuzz/Cargo.toml"])
        .args(["--target", host, "--target-dir"])
        .arg(&folder)
        .args(locked())
        .env("RUSTFLAGS", FLAGS.join(" ")))?;
    Ok(folder.join(host).join("release"))
}

fn fuzz(programs: &Path, work: &Path, target: &'static str, seconds: u64) -> Outcome<FuzzReport> {
    let io_error = |error: std::io::Error| format!("{target}: {error}");
    // The next run continues with the files found in this one.
    let (corpus, crashes) = (work.join("corpus").join(target), work.join("crashes").join(target));
    for folder in [&corpus, &crashes] {
        fs::create_dir_all(folder).map_err(io_error)?;
    }
    let log = work.join(format!("{target}.log"));
    let seeds = root().join("tests/fuzz/seeds");
    let formats = TARGETS.iter().filter(|format| target == "anything" || target == **format);
    let seeds = formats.map(|format| seeds.join(format)).filter(|folder| folder.is_dir());
    let status = Command::new(programs.join(target))
        .args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", crashes.display())])
        // Seconds for one file, as in the page, and MiB for the whole program.
        .args(["-timeout=15", "-rss_limit_mb=1024", "-max_len=16384", "-print_final_stats=1"])
        .arg(&corpus)
        .args(seeds)
        .current_dir(&crashes)
        .stderr(File::create(&log).map_err(io_error)?)
        .status()
        .map_err(io_error)?;
    let text = String::from_utf8_lossy(&fs::read(&log).map_err(io_error)?).into_owned();
    let last_number = |start: &str| {
        let line = text.lines().rev().find_map(|line| line.strip_prefix(start));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    Ok(FuzzReport {
        target,
        files: last_number("stat::number_of_executed_units:"),
        slowest_ms: last_number("slowest:"),
        peak_mib: last_number("heaviest:"),
        crashed: !status.success(),
    })
}
