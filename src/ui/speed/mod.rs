//! How fast this device is: scans and training slices a second, on the processor and on the graphics card.
//!
//! [`run`] measures one thing after the other with workers of its own, the same as those of the page: [`scans`] with engines,
//! [`training`] with a trainer and its followers. [`window`] turns what arrives into a rate, and [`report`] keeps the rates
//! and writes them as one line. [`stop`] ends a measurement early, [`inbox`] queues the events of workers. The view is
//! `about/speed.rs`.

pub mod browser_name;
pub mod environment;
pub mod inbox;
pub mod report;
pub mod run;
pub mod scans;
pub mod stop;
pub mod training;
pub mod window;

#[cfg(test)]
mod block_on;
