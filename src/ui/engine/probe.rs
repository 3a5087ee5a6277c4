//! Asks the browser for a graphics card, before megabytes are fetched to use one.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::ui::logic::choice::Gpu;

/// [`Gpu::Unknown`] if there is an adapter to try, or why there is none.
///
/// Through `Reflect`, since web-sys offers `navigator.gpu` only to builds with a special compiler switch.
pub async fn probe() -> Gpu {
    let navigator = leptos::prelude::window().navigator();
    let gpu = match Reflect::get(&navigator, &"gpu".into()) {
        Ok(gpu) if gpu.is_object() => gpu,
        _ => return Gpu::NoWebGpu,
    };
    match request_adapter(&gpu).await {
        Ok(adapter) if adapter.is_object() => Gpu::Unknown,
        _ => Gpu::NoAdapter,
    }
}

async fn request_adapter(gpu: &JsValue) -> Result<JsValue, JsValue> {
    let request: Function = Reflect::get(gpu, &"requestAdapter".into())?.dyn_into()?;
    let promise: Promise = request.call0(gpu)?.dyn_into()?;
    JsFuture::from(promise).await
}
