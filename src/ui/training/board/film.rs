//! Encodes the timeline as an animated PNG, one frame per turn of the event loop, so that the page stays responsive.

use std::sync::Arc;

use crate::export::apng::{Apng, MAX_FRAMES};
use crate::export::png::PngError;
use crate::slices::air;
use crate::ui::logic::downsample::evenly_spaced;
use crate::ui::timer::yield_to_browser;
use crate::ui::training::trainer::Frame;

/// Encodes these frames, drawn as the page draws them, as the bytes of an animated PNG. `about` goes into the file and says
/// what the networks were trained on. `on_progress` is called with the number of encoded frames and their total.
///
/// # Errors
/// If there are no frames, or a PNG cannot be encoded.
pub async fn encode(
    frames: Vec<Arc<Frame>>,
    about: &str,
    on_progress: impl Fn(usize, usize),
) -> Result<Vec<u8>, PngError> {
    let chosen: Vec<Arc<Frame>> =
        evenly_spaced(frames.len(), MAX_FRAMES).into_iter().filter_map(|at| frames.get(at).cloned()).collect();
    let first = chosen.first().map(|frame| (frame.scans.len(), frame.scans.first().map_or(0, |scan| scan.size)));
    let (tiles, size) = first.unwrap_or_default();
    let mut film = Apng::new(chosen.len(), tiles, size, about)?;
    for (index, frame) in chosen.iter().enumerate() {
        let tiles: Vec<Vec<u8>> = frame.scans.iter().map(|scan| air::clear(&scan.image, scan.size)).collect();
        film.add(&tiles)?;
        on_progress(index + 1, chosen.len());
        yield_to_browser().await;
    }
    film.finish()
}
