//! Keyboard focus.

use leptos::html::H2;
use leptos::prelude::*;

/// A heading that takes the focus when it appears, and again whenever a signal that `track` reads changes. The element that had
/// the focus is gone then, and keys and screen readers continue at the heading. Its element needs `tabindex="-1"`.
pub fn focused_heading(track: impl Fn() + 'static) -> NodeRef<H2> {
    let heading = NodeRef::<H2>::new();
    Effect::new(move || {
        track();
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    heading
}
