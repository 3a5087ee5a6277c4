//! Looks after the engine workers: starts them, picks the faster device, hands out jobs, survives their end.
//!
//! [`supervisor`] holds the state and is the only part that others talk to; what it keeps of the workers is in
//! `crew`, and how they come and go in `lifecycle`. `link` is one worker, `message` reads what comes from it, `probe` asks the browser for a graphics card,
//! [`job`] is one order for scans. Which device computes is decided in [`choice`](crate::ui::logic::choice).

mod crew;
pub mod job;
mod lifecycle;
mod link;
mod measured;
mod message;
mod probe;
pub mod supervisor;

pub use probe::probe;
