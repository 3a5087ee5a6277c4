//! The command line: trains, samples, inspects, packs real scans, measures and writes slices, natively.

use std::error::Error;

pub mod args;
pub mod device;
pub mod evaluate;
pub mod inspect;
mod model_card;
pub mod sample;
pub mod scans;
pub mod slices;
pub mod train;
pub mod weights;

use args::{Arguments, Command};

/// Does what was asked.
///
/// # Errors
/// If it cannot; the error and its causes say why, for people.
pub fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    match arguments.command {
        Command::Train(args) => train::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Scans(args) => scans::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Slices(args) => slices::run(&args),
    }
}
