//! One worker, one engine: it holds a device and a model, and answers requests of the page.

pub mod protocol;
