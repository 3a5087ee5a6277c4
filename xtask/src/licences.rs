//! The licences of everything that is compiled into the site, as one file that the site serves.

use crate::run::{Outcome, command, run};

/// Writes `static/licences.txt`; fails on a package under a licence that nobody has allowed.
pub fn write() -> Outcome {
    run(command("node").args(["tests/e2e/licences.mjs", "static/licences.txt"]))
}
