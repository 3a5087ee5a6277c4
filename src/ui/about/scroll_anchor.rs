//! Keeps a heading where the page scrolled to, while content above it is still loading. Browsers without scroll anchoring
//! (Safari) would push it away, and going back restores a position from before the content was there.

use leptos::{ev, leptos_dom::helpers::window_event_listener, prelude::*};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type ResizeObserver;
    #[wasm_bindgen(constructor, catch)]
    fn new(callback: &js_sys::Function) -> Result<ResizeObserver, JsValue>;
    #[wasm_bindgen(method)]
    fn observe(this: &ResizeObserver, target: &web_sys::Element);
    #[wasm_bindgen(method)]
    fn disconnect(this: &ResizeObserver);
}

type ResizeWatch = (ResizeObserver, Closure<dyn FnMut()>);

/// Milliseconds in which a browser restores the scroll position after going back.
const RESTORING: f64 = 1000.0;

/// Largest distance in CSS pixels that counts as the same place. Browsers round scroll positions.
const ROUNDING: f64 = 2.0;

/// The heading that the page scrolled to, until the visitor does anything else.
#[derive(Debug, Clone, Copy)]
pub struct ScrollAnchor {
    anchor: StoredValue<Option<AnchoredHeading>, LocalStorage>,
}

#[derive(Debug)]
struct AnchoredHeading {
    heading: HtmlElement,
    /// When the page scrolled to it, in milliseconds.
    since: f64,
    /// Distance in CSS pixels from the top of the window.
    top: f64,
    /// Height of the whole page when `top` was measured, in CSS pixels.
    page: i32,
}

impl ScrollAnchor {
    /// Watches the page until the current owner is cleaned up.
    pub fn watch() -> Self {
        let this = Self { anchor: StoredValue::new_local(None) };
        let watch = StoredValue::new_local(watch_size(this));
        let scroll = window_event_listener(ev::scroll, move |_| this.scrolled());
        // What a visitor scrolls with. A screen reader may scroll without any of these: see `scrolled`.
        let wheel = window_event_listener(ev::wheel, move |_| this.release());
        let pointer = window_event_listener(ev::pointerdown, move |_| this.release());
        let key = window_event_listener(ev::keydown, move |_| this.release());
        on_cleanup(move || {
            for listener in [scroll, wheel, pointer, key] {
                listener.remove();
            }
            if let Some((observer, _)) = watch.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
        this
    }

    /// Scrolls to `heading`, moves the focus there and keeps it in place.
    pub fn show(self, heading: HtmlElement) {
        heading.scroll_into_view();
        // So that screen readers and the Tab key continue from there.
        let _ = heading.focus();
        let (since, top, page) = (now(), top(&heading), page_height());
        self.anchor.set_value(Some(AnchoredHeading { heading, since, top, page }));
    }

    /// Lets the page scroll freely.
    pub fn release(self) {
        self.anchor.set_value(None);
    }

    fn align(self) {
        // The view may be gone.
        self.anchor.try_update_value(|anchor| {
            if let Some(anchor) = anchor {
                anchor.heading.scroll_into_view();
                (anchor.top, anchor.page) = (top(&anchor.heading), page_height());
            }
        });
    }

    /// A scroll that neither the page nor its loading content caused is the visitor's.
    fn scrolled(self) {
        let moved = self.anchor.with_value(|anchor| {
            let anchor = anchor.as_ref()?;
            let moved = (top(&anchor.heading) - anchor.top).abs() > ROUNDING;
            moved.then(|| page_height() == anchor.page && now() - anchor.since > RESTORING)
        });
        match moved {
            None => {}
            Some(true) => self.release(),
            Some(false) => self.align(),
        }
    }
}

fn watch_size(anchor: ScrollAnchor) -> Option<ResizeWatch> {
    let callback = Closure::<dyn FnMut()>::new(move || anchor.align());
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(document().body()?.as_ref());
    Some((observer, callback))
}

fn top(heading: &HtmlElement) -> f64 {
    heading.get_bounding_client_rect().top()
}

fn page_height() -> i32 {
    document().document_element().map_or(0, |page| page.scroll_height())
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
