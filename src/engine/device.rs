//! Opens a device in the browser.

use burn::tensor::Device;

use super::shared::{DeviceKind, Failure};

/// A device that is ready for tensors.
#[derive(Debug)]
pub struct OpenDevice {
    /// The device.
    pub device: Device,
    /// Name of the adapter. Empty for the processor.
    pub adapter: String,
    /// Whether the adapter is software.
    pub software: bool,
}

/// Opens a device of this kind.
///
/// # Errors
/// [`Failure::NoGpu`] if there is no adapter, or if this engine was built without WebGPU.
pub async fn open(kind: DeviceKind) -> Result<OpenDevice, (Failure, String)> {
    match kind {
        DeviceKind::Cpu => Ok(OpenDevice { device: Device::flex(), adapter: String::new(), software: false }),
        #[cfg(not(feature = "gpu"))]
        DeviceKind::Gpu => Err((Failure::NoGpu, "this engine was built without WebGPU".to_owned())),
        #[cfg(feature = "gpu")]
        DeviceKind::Gpu => open_gpu().await,
    }
}

#[cfg(feature = "gpu")]
async fn open_gpu() -> Result<OpenDevice, (Failure, String)> {
    use burn::tensor::wgpu::MemoryConfiguration;

    let no_gpu = |words: String| (Failure::NoGpu, words);
    // wgpu does not pass on the name of the adapter.
    let adapter = super::adapter::Adapter::request().await.map_err(|error| no_gpu(error.to_string()))?;
    // Exclusive pages keep the memory flat when tensors always have the same sizes.
    let device = Device::wgpu_options()
        .memory_config(MemoryConfiguration::ExclusivePages)
        .init_async()
        .await
        .map_err(|error| no_gpu(error.to_string()))?;
    Ok(OpenDevice { device, adapter: adapter.name(), software: adapter.is_software() })
}

/// Calls `report` with the words of a panic, before the program ends. wgpu panics when a graphics card runs out of memory.
pub fn report_panics(report: impl Fn(String) + Send + Sync + 'static) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic.to_string());
        before(panic);
    }));
}
