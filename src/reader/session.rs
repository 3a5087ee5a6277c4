//! Reads the files that the page sends.

use super::protocol::{ReadEvent, ReadRequest};
use crate::slices::open::{Opened, open_file};
use crate::worker::port;

/// Reads files for as long as the worker lives.
pub fn start() {
    port::listen(|request| {
        if let Ok(ReadRequest { path, bytes }) = request {
            open_file(&path, &bytes.into_bytes(), &mut |outcome| match outcome {
                Ok(Opened::Scan(found)) => port::post(ReadEvent::found(found)),
                Ok(Opened::People(table)) => port::post(ReadEvent::People(table)),
                Ok(Opened::Classes(table)) => port::post(ReadEvent::Classes(table)),
                Ok(Opened::Description) => {}
                Err((path, refusal)) => port::post(ReadEvent::Refused { path, refusal }),
            });
        }
        port::post(ReadEvent::Done);
    });
    port::post(ReadEvent::Ready);
}
