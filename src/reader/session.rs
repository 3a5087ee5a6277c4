//! Reads the files that the page sends.

use super::protocol::{Event, Request};
use crate::slices::open::{Opened, open_file};
use crate::worker::port;

/// Reads files for as long as the worker lives.
pub fn start() {
    port::listen(|request| {
        if let Ok(Request { path, bytes }) = request {
            open_file(&path, &bytes.into_bytes(), &mut |outcome| match outcome {
                Ok(Opened::Scan(found)) => port::post(Event::found(found)),
                Ok(Opened::People(table)) => port::post(Event::People(table)),
                Ok(Opened::Classes(table)) => port::post(Event::Classes(table)),
                Ok(Opened::Description) => {}
                Err((path, refusal)) => port::post(Event::Refused { path, refusal }),
            });
        }
        port::post(Event::Done);
    });
    port::post(Event::Ready);
}
