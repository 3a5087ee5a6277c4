//! Reads the files that the page sends.

use super::protocol::{ReadEvent, ReadRequest, ReadTask};
use crate::qr_codes::{self, Effort};
use crate::slices::decoded::Refusal;
use crate::slices::limits::MAX_SIDE;
use crate::slices::open::{Opened, open_file, open_photo};
use crate::slices::raster::Raster;
use crate::worker::port;

/// Reads files for as long as the worker lives.
pub fn start() {
    port::listen(|request| {
        if let Ok(ReadRequest { path, task, bytes }) = request {
            let bytes = bytes.into_bytes();
            match task {
                ReadTask::Slices => find_slices(&path, &bytes),
                ReadTask::Photo => find_codes(path, Effort::Photo, open_photo(&bytes)),
                ReadTask::Frame { width } => find_codes(path, Effort::Frame, frame(width, bytes)),
            }
        }
        port::post(ReadEvent::Done);
    });
    port::post(ReadEvent::Ready);
}

fn find_slices(path: &str, bytes: &[u8]) {
    open_file(path, bytes, &mut |outcome| match outcome {
        Ok(Opened::Scan(found)) => port::post(ReadEvent::found(found)),
        Ok(Opened::People(table)) => port::post(ReadEvent::People(table)),
        Ok(Opened::Classes(table)) => port::post(ReadEvent::Classes(table)),
        Ok(Opened::Description) => {}
        Err((path, refusal)) => port::post(ReadEvent::Refused { path, refusal }),
    });
}

fn find_codes(path: String, effort: Effort, picture: Result<Raster, Refusal>) {
    match picture {
        Ok(picture) => {
            qr_codes::find(&picture, effort, &mut |text| port::post(ReadEvent::Code { path: path.clone(), text }))
        }
        Err(refusal) => port::post(ReadEvent::Refused { path, refusal }),
    }
}

/// A picture of the camera.
fn frame(width: usize, pixels: Vec<u8>) -> Result<Raster, Refusal> {
    let height = pixels.len() / width.max(1);
    if width.max(height) > MAX_SIDE {
        return Err(Refusal::TooManyPixels);
    }
    Raster::new(width, height, pixels).map_err(|_| Refusal::NoPixels)
}
