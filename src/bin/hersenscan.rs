//! The command line.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use hersenscan::cli::{self, args::Arguments};

fn main() -> ExitCode {
    match cli::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

/// An error and its causes, one a line; a cause that an error repeats in its own words is left out.
fn chain(error: &dyn Error) -> String {
    let mut told = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !told.contains(&words) {
            told.push_str("\n  because: ");
            told.push_str(&words);
        }
        cause = error.source();
    }
    told
}
