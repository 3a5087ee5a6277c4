//! The width of a chart on the screen, so that its card is filled and its labels keep the size of text.

use leptos::svg::Svg;
use leptos::{ev, leptos_dom::helpers::window_event_listener, prelude::*};

/// The width of this element in pixels, `least` until it is known and at least that. Follows the window; `again` makes it
/// measure once more, for an element that was hidden.
pub fn chart_width(node: NodeRef<Svg>, least: f64, again: impl Fn() + Send + Sync + 'static) -> Signal<f64> {
    let width = RwSignal::new(least);
    let measure = move || {
        if let Some(Some(node)) = node.try_get_untracked() {
            let found = node.get_bounding_client_rect().width();
            if found > 0.0 {
                width.try_set(found.max(least));
            }
        }
    };
    Effect::new(move || {
        node.track();
        again();
        request_animation_frame(measure);
    });
    let listener = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    width.into()
}
