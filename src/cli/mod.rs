//! The command line program: one module for each subcommand.

use std::error::Error;

pub mod args;
pub mod bench;
pub mod device;
pub mod evaluate;
pub mod fairness;
pub mod inspect;
pub mod lab;
mod model_card;
pub mod sample;
pub mod slices;
pub mod train;
pub mod weights;

use args::{Arguments, Command};

/// Runs a subcommand.
///
/// # Errors
/// The subcommand's error, whose message is meant for the user.
pub fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    match arguments.command {
        Command::Train(args) => train::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Card(args) => model_card::run(&args),
        Command::Scans(args) => crate::scans::run(&args),
        Command::Fairness(args) => fairness::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Slices(args) => slices::run(&args),
        Command::Lab(args) => lab::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}
