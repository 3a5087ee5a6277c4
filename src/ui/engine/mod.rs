//! Looks after the engine workers: starts them, picks the faster device, hands out jobs, survives their end.
//!
//! [`supervisor`] holds the state and is the only part that others talk to. [`choice`] decides which device
//! computes, [`link`] is one worker, [`message`] reads what comes from it, [`probe`] asks the browser for a
//! graphics card, [`job`] is one order for scans, [`trouble`] names what can go wrong.

pub mod choice;
mod crew;
pub mod job;
mod link;
pub mod message;
mod probe;
pub mod supervisor;
pub mod trouble;
