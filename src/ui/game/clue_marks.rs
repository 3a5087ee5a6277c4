//! Rings on a scan where the advice of a round shows, once the round is answered.

use leptos::prelude::*;

use super::state::Game;
use crate::game::clue_places::CluePlace;

/// An overlay for the scan at `place` of the round. Empty before the answer, so that it gives nothing away.
#[component]
pub fn ClueMarks(
    /// The game.
    game: Game,
    /// Index of the scan in its round.
    place: usize,
) -> impl IntoView {
    let places = move || {
        let round = game.round()?;
        game.answers.with(|answers| {
            let given = answers.get(round).filter(|given| given.marked == place)?;
            Some(given.places.clone())
        })
    };
    let ring = |CluePlace { x, y, rx, ry }: CluePlace| {
        let [x, y, rx, ry] = [x, y, rx, ry].map(|part| format!("{:.2}", 100.0 * part));
        let (x2, y2, rx2, ry2) = (x.clone(), y.clone(), rx.clone(), ry.clone());
        view! {
            <ellipse class="halo" cx=x cy=y rx=rx ry=ry/>
            <ellipse cx=x2 cy=y2 rx=rx2 ry=ry2/>
        }
    };
    let rings = move || places().unwrap_or_default().into_iter().map(ring).collect_view();
    view! { <svg class="clue-marks" viewBox="0 0 100 100" aria-hidden="true">{rings}</svg> }
}
