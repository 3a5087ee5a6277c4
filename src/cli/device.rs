//! From a name on the command line to a device that computes.
//!
//! Each device but the first needs a cargo feature, because it pulls in a large library or a driver. `libtorch`
//! is deprecated by the tensor library: it is here while it trains faster on a processor than `flex` does, and
//! goes with the match arm below and the line in `Cargo.toml`.

use burn::tensor::Device;

use super::args::DeviceName;

/// The device is known, but this program was built without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this program was built without the device {0}: build it with `cargo build --release --features {0}`")]
pub struct NotBuiltIn(pub &'static str);

/// The device of this name.
///
/// # Errors
/// If the program was built without it.
pub fn open(name: DeviceName) -> Result<Device, NotBuiltIn> {
    match name {
        DeviceName::Flex => Ok(Device::flex()),
        #[cfg(feature = "libtorch")]
        #[allow(deprecated)]
        DeviceName::Libtorch => Ok(Device::libtorch()),
        #[cfg(not(feature = "libtorch"))]
        DeviceName::Libtorch => Err(NotBuiltIn("libtorch")),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu => Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(not(feature = "wgpu"))]
        DeviceName::Wgpu => Err(NotBuiltIn("wgpu")),
        #[cfg(feature = "cuda")]
        DeviceName::Cuda => Ok(Device::cuda(0)),
        #[cfg(not(feature = "cuda"))]
        DeviceName::Cuda => Err(NotBuiltIn("cuda")),
    }
}
