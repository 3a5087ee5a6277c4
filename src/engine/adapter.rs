//! The browser's WebGPU adapter, for pages and workers.
//!
//! It goes through `Reflect`, because web-sys has `navigator.gpu` only in builds with a special compiler flag.

use js_sys::{Function, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::download::error_words;

/// Why there is no adapter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// The browser has no WebGPU here.
    #[error("no navigator.gpu")]
    NoWebGpu,
    /// WebGPU has no adapter. With the browser's words.
    #[error("{0}")]
    NoAdapter(String),
}

/// A `GPUAdapter` of the browser.
pub struct Adapter(JsValue);

impl Adapter {
    /// Asks the browser for an adapter.
    ///
    /// # Errors
    /// [`AdapterError`].
    pub async fn request() -> Result<Self, AdapterError> {
        let navigator = Reflect::get(&global(), &"navigator".into());
        let gpu = match navigator.and_then(|navigator| Reflect::get(&navigator, &"gpu".into())) {
            Ok(gpu) if gpu.is_object() => gpu,
            _ => return Err(AdapterError::NoWebGpu),
        };
        match request_adapter(&gpu).await {
            Ok(adapter) if adapter.is_object() => Ok(Self(adapter)),
            Ok(_) => Err(AdapterError::NoAdapter("the browser has no adapter for WebGPU".to_owned())),
            Err(error) => Err(AdapterError::NoAdapter(error_words(&error))),
        }
    }

    /// Its description, or its vendor and architecture. Empty if the browser says nothing.
    pub fn name(&self) -> String {
        [self.info("description"), format!("{} {}", self.info("vendor"), self.info("architecture"))]
            .into_iter()
            .map(|name| name.trim().to_owned())
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    }

    /// Whether it is software that imitates a graphics card.
    pub fn is_software(&self) -> bool {
        let info = Reflect::get(&self.0, &"info".into()).unwrap_or(JsValue::UNDEFINED);
        let flag = |of: &JsValue| Reflect::get(of, &"isFallbackAdapter".into()).is_ok_and(|value| value.is_truthy());
        flag(&info) || flag(&self.0) || self.info("architecture") == "swiftshader"
    }

    /// A text of its `GPUAdapterInfo`.
    fn info(&self, name: &str) -> String {
        let info = Reflect::get(&self.0, &"info".into());
        let text = info.and_then(|info| Reflect::get(&info, &name.into()));
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }
}

async fn request_adapter(gpu: &JsValue) -> Result<JsValue, JsValue> {
    let request: Function = Reflect::get(gpu, &"requestAdapter".into())?.dyn_into()?;
    let promise: Promise = request.call0(gpu)?.dyn_into()?;
    JsFuture::from(promise).await
}
