//! `hersenscan scans` as a program of its own: it compiles in seconds because it has no tensor library.

use std::process::ExitCode;

use clap::Parser;
use hersenscan::scans::{self, ScansArgs};

/// Puts real slices of held-out patients into a pack for the game.
#[derive(Debug, Parser)]
#[command(version)]
struct ScansArguments {
    #[command(flatten)]
    scans: ScansArgs,
}

fn main() -> ExitCode {
    match scans::run(&ScansArguments::parse().scans) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
