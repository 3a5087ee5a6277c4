//! Throws made-up files at the reader, each format in a program of its own, and tells what came of it.
//!
//! The programs are those of `cargo fuzz`, built here without it: no tool to install, and no other compiler.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::check::locked;
use crate::run::{Outcome, Steps, cargo, command, output, root, run};
use crate::tools;

const TARGETS: [&str; 6] = ["dicom", "nifti", "nrrd", "picture", "zip", "anything"];

/// Programs that run beside each other.
const AT_ONCE: usize = 2;

/// What lets libFuzzer see which code a file reaches, and what finds numbers that do not fit.
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

/// What came of one program.
struct Found {
    target: &'static str,
    files: u64,
    /// Milliseconds, and MiB.
    slowest: u64,
    heaviest: u64,
    crashed: bool,
}

/// Runs every target for so many seconds; fails if a file was found that fells the reader.
pub fn all(steps: &mut Steps, seconds: u64) -> Outcome {
    let programs = steps.take("fuzz, build", build)?;
    steps.take("fuzz", || {
        let work = tools::target_folder().join("fuzz");
        let waiting = Mutex::new(TARGETS.into_iter());
        let next = || waiting.lock().map_or(None, |mut waiting| waiting.next());
        let one = || {
            let mut found = Vec::new();
            while let Some(target) = next() {
                found.push(fuzz(&programs, &work, target, seconds)?);
            }
            Ok(found)
        };
        let outcomes: Vec<Outcome<Vec<Found>>> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
            runs.into_iter().map(|run| run.join().unwrap_or_else(|_| Err("a run fell over".to_owned()))).collect()
        });
        let mut all = Vec::new();
        for outcome in outcomes {
            all.extend(outcome?);
        }
        report(&all, &work)
    })
}

fn report(all: &[Found], work: &Path) -> Outcome {
    println!("{:>9} {:>12} {:>12} {:>12}  crashes", "target", "files", "slowest", "heaviest");
    for Found { target, files, slowest, heaviest, crashed } in all {
        let crashes = if *crashed { "yes" } else { "none" };
        println!("{target:>9} {files:>12} {slowest:>9} ms {heaviest:>8} MiB  {crashes}");
    }
    let crashed: Vec<&str> = all.iter().filter(|found| found.crashed).map(|found| found.target).collect();
    if crashed.is_empty() {
        return Ok(());
    }
    let work = work.display();
    Err(format!("files were found that fell the reader: {work}/crashes/ and what was said: {work}/*.log ({crashed:?})"))
}

/// The folder with the programs.
fn build() -> Outcome<PathBuf> {
    let host = output(command("rustc").arg("-vV")).unwrap_or_default();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    let host = host.ok_or("`rustc -vV` does not say for which computer it compiles: install Rust with rustup")?;
    if output(command("c++").arg("--version")).is_none() {
        return Err("libFuzzer needs a C++ compiler: install one, on Debian with `apt-get install g++`".to_owned());
    }
    let folder = tools::target_folder().join("fuzz");
    // With a target named, build scripts and macros are compiled without these flags.
    run(cargo()
        .args(["build", "--release", "--bins", "--manifest-path", "tests/fuzz/Cargo.toml"])
        .args(["--target", &host, "--target-dir"])
        .arg(&folder)
        .args(locked())
        .env("RUSTFLAGS", FLAGS.join(" ")))?;
    Ok(folder.join(host).join("release"))
}

fn fuzz(programs: &Path, work: &Path, target: &'static str, seconds: u64) -> Outcome<Found> {
    let told = |error: std::io::Error| format!("{target}: {error}");
    // What is new is kept beside the build, so that the next run goes on from there.
    let (corpus, crashes) = (work.join("corpus").join(target), work.join("crashes").join(target));
    for folder in [&corpus, &crashes] {
        fs::create_dir_all(folder).map_err(told)?;
    }
    let log = work.join(format!("{target}.log"));
    let seeds = root().join("tests/fuzz/seeds");
    let own = TARGETS.iter().filter(|one| target == "anything" || target == **one);
    let seeds = own.map(|one| seeds.join(one)).filter(|folder| folder.is_dir());
    println!("{target}, {seconds} s");
    let status = Command::new(programs.join(target))
        .args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", crashes.display())])
        // Seconds within which a file must be read, as in the page, and MiB of the whole program.
        .args(["-timeout=15", "-rss_limit_mb=1024", "-max_len=16384", "-print_final_stats=1"])
        .arg(&corpus)
        .args(seeds)
        .current_dir(&crashes)
        .stderr(File::create(&log).map_err(told)?)
        .status()
        .map_err(told)?;
    let said = String::from_utf8_lossy(&fs::read(&log).map_err(told)?).into_owned();
    let last = |start: &str| {
        let line = said.lines().rev().find_map(|line| line.strip_prefix(start));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    Ok(Found {
        target,
        files: last("stat::number_of_executed_units:"),
        slowest: last("slowest:"),
        heaviest: last("heaviest:"),
        crashed: !status.success(),
    })
}
