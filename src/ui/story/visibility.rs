//! Whether a section is near the viewport, so that a phone does not compute all sections at once.

use js_sys::{Array, Object, Reflect};
use leptos::{html, prelude::*};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type IntersectionObserver;
    #[wasm_bindgen(constructor, catch)]
    fn new(callback: &js_sys::Function, options: &Object) -> Result<IntersectionObserver, JsValue>;
    #[wasm_bindgen(method)]
    fn observe(this: &IntersectionObserver, target: &web_sys::Element);
    #[wasm_bindgen(method)]
    fn disconnect(this: &IntersectionObserver);
}

/// Distance from the viewport that counts as near.
const MARGIN: &str = "240px 0px";

type IntersectionWatch = (IntersectionObserver, Closure<dyn FnMut(Array)>);

/// Tracks whether a section is near the viewport.
#[derive(Debug, Clone, Copy)]
pub struct Visibility {
    /// Reference to put on the section.
    pub node: NodeRef<html::Section>,
    /// Whether it is near now. Animations run only then.
    pub is_near: RwSignal<bool>,
    /// Whether it has ever been near. Content is generated from then on.
    pub was_near: Memo<bool>,
}

impl Visibility {
    /// Observes the section until the current owner is cleaned up.
    pub fn watch() -> Self {
        let node = NodeRef::<html::Section>::new();
        let is_near = RwSignal::new(false);
        let was_near = Memo::new(move |before: Option<&bool>| is_near.get() || before.is_some_and(|before| *before));
        let watch = StoredValue::new_local(None::<IntersectionWatch>);
        Effect::new(move || {
            let Some(section) = node.get() else { return };
            match observer(is_near) {
                Ok((observer, callback)) => {
                    observer.observe(&section);
                    watch.set_value(Some((observer, callback)));
                }
                // Without an observer, everything counts as near.
                Err(_) => is_near.set(true),
            }
        });
        on_cleanup(move || {
            if let Some((observer, _)) = watch.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
        Self { node, is_near, was_near }
    }
}

fn observer(now: RwSignal<bool>) -> Result<IntersectionWatch, JsValue> {
    let callback = Closure::new(move |entries: Array| {
        // There can be several entries for one frame: the last one is current.
        let is_near = Reflect::get(&entries.pop(), &"isIntersecting".into()).is_ok_and(|near| near.is_truthy());
        let _ = now.try_set(is_near);
    });
    let options = Object::new();
    Reflect::set(&options, &"rootMargin".into(), &MARGIN.into())?;
    let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref(), &options)?;
    Ok((observer, callback))
}
