//! Whether a part of the page is near what the visitor sees, so that a phone does not compute all of it at once.

use js_sys::{Array, Object, Reflect};
use leptos::{html, prelude::*};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type IntersectionObserver;
    #[wasm_bindgen(constructor, catch)]
    fn new(hear: &js_sys::Function, options: &Object) -> Result<IntersectionObserver, JsValue>;
    #[wasm_bindgen(method)]
    fn observe(this: &IntersectionObserver, target: &web_sys::Element);
    #[wasm_bindgen(method)]
    fn disconnect(this: &IntersectionObserver);
}

/// How far outside the view still counts as near.
const MARGIN: &str = "240px 0px";

type Watch = (IntersectionObserver, Closure<dyn FnMut(Array)>);

/// A section and how near it is.
#[derive(Debug, Clone, Copy)]
pub struct Near {
    /// The section; to be put on it.
    pub node: NodeRef<html::Section>,
    /// Whether it is near now: what moves, moves only then.
    pub now: RwSignal<bool>,
    /// Whether it ever was: what is computed, is computed from then on.
    pub came: Memo<bool>,
}

impl Near {
    /// Watches the section from when it is there to when it goes.
    pub fn watch() -> Self {
        let node = NodeRef::<html::Section>::new();
        let now = RwSignal::new(false);
        let came = Memo::new(move |before: Option<&bool>| now.get() || before.is_some_and(|before| *before));
        let watch = StoredValue::new_local(None::<Watch>);
        Effect::new(move || {
            let Some(section) = node.get() else { return };
            match observer(now) {
                Ok((observer, hear)) => {
                    observer.observe(&section);
                    watch.set_value(Some((observer, hear)));
                }
                // Better too much at once than nothing.
                Err(_) => now.set(true),
            }
        });
        on_cleanup(move || {
            if let Some((observer, _)) = watch.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
        Self { node, now, came }
    }
}

fn observer(now: RwSignal<bool>) -> Result<Watch, JsValue> {
    let hear = Closure::new(move |entries: Array| {
        // Several, if it came and went within one frame: the last is how it is.
        let is_near = Reflect::get(&entries.pop(), &"isIntersecting".into()).is_ok_and(|near| near.is_truthy());
        let _ = now.try_set(is_near);
    });
    let options = Object::new();
    Reflect::set(&options, &"rootMargin".into(), &MARGIN.into())?;
    let observer = IntersectionObserver::new(hear.as_ref().unchecked_ref(), &options)?;
    Ok((observer, hear))
}
