//! Opening a device in the browser.

use burn::tensor::Device;

use super::shared::{DeviceKind, Failure};

/// A device that is ready for tensors.
#[derive(Debug)]
pub struct Opened {
    /// The device.
    pub device: Device,
    /// Name of the adapter, empty on the processor.
    pub adapter: String,
    /// The adapter is software.
    pub software: bool,
}

/// Open a device of this kind.
///
/// # Errors
/// [`Failure::NoGpu`] if there is no adapter, or this engine was built without WebGPU.
pub async fn open(kind: DeviceKind) -> Result<Opened, (Failure, String)> {
    match kind {
        DeviceKind::Cpu => Ok(Opened { device: Device::flex(), adapter: String::new(), software: false }),
        #[cfg(not(feature = "gpu"))]
        DeviceKind::Gpu => Err((Failure::NoGpu, "this engine is the one without WebGPU".to_owned())),
        #[cfg(feature = "gpu")]
        DeviceKind::Gpu => gpu::open().await,
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use burn::tensor::{Device, wgpu::MemoryConfiguration};
    use js_sys::{Function, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    use super::super::port;
    use super::super::shared::Failure;
    use super::Opened;
    use crate::download::words;

    pub async fn open() -> Result<Opened, (Failure, String)> {
        let none = |why: String| (Failure::NoGpu, why);
        let gpu = port::gpu().ok_or_else(|| none("no navigator.gpu in a worker".to_owned()))?;
        let (adapter, software) = describe(&gpu).await.map_err(|error| none(words(&error)))?;
        // Exclusive pages keep memory flat where tensors have ever the same sizes.
        let device = Device::wgpu_options()
            .memory_config(MemoryConfiguration::ExclusivePages)
            .init_async()
            .await
            .map_err(|error| none(error.to_string()))?;
        Ok(Opened { device, adapter, software })
    }

    /// Name of the adapter, and whether it is software. wgpu does not hand on what the browser says of it.
    async fn describe(gpu: &JsValue) -> Result<(String, bool), JsValue> {
        let request: Function = Reflect::get(gpu, &"requestAdapter".into())?.dyn_into()?;
        let promise: Promise = request.call0(gpu)?.dyn_into()?;
        let adapter = JsFuture::from(promise).await?;
        if adapter.is_null() {
            return Err(js_sys::Error::new("the browser has no adapter for WebGPU").into());
        }
        let info = Reflect::get(&adapter, &"info".into())?;
        let text = |name: &str| Reflect::get(&info, &name.into()).ok().and_then(|v| v.as_string()).unwrap_or_default();
        let flag = |of: &JsValue| Reflect::get(of, &"isFallbackAdapter".into()).is_ok_and(|value| value.is_truthy());
        let name = [text("description"), format!("{} {}", text("vendor"), text("architecture"))]
            .into_iter()
            .map(|name| name.trim().to_owned())
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        let software = flag(&info) || flag(&adapter) || text("architecture") == "swiftshader";
        Ok((name, software))
    }
}

/// Calls `report` with the words of a panic, before the program ends. wgpu panics when a graphics card runs out of memory.
pub fn report_panics(report: impl Fn(String) + Send + Sync + 'static) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic.to_string());
        before(panic);
    }));
}
