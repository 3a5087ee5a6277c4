//! The timeline as a film, made a frame at a time so that the page goes on answering.

use std::sync::Arc;

use crate::export::apng::{Apng, MAX_FRAMES};
use crate::export::png::PngError;
use crate::slices::air;
use crate::ui::logic::downsample::evenly_spaced;
use crate::ui::timer::yield_to_browser;
use crate::ui::training::trainer::Frame;

/// The film of these frames, drawn as the page draws them. `about` says what was learned from, `told` hears how many frames of how
/// many are done.
pub async fn make(frames: Vec<Arc<Frame>>, about: &str, told: impl Fn(usize, usize)) -> Result<Vec<u8>, PngError> {
    let chosen: Vec<Arc<Frame>> =
        evenly_spaced(frames.len(), MAX_FRAMES).into_iter().filter_map(|at| frames.get(at).cloned()).collect();
    let first = chosen.first().map(|frame| (frame.scans.len(), frame.scans.first().map_or(0, |scan| scan.size)));
    let (tiles, size) = first.unwrap_or_default();
    let mut film = Apng::new(chosen.len(), tiles, size, about)?;
    for (index, frame) in chosen.iter().enumerate() {
        let tiles: Vec<Vec<u8>> = frame.scans.iter().map(|scan| air::clear(&scan.image, scan.size)).collect();
        film.add(&tiles)?;
        told(index + 1, chosen.len());
        yield_to_browser().await;
    }
    film.finish()
}
