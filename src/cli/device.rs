//! Opens the compute device named on the command line.
//!
//! Every device except the first needs a cargo feature, because it needs a large library or a driver. burn has deprecated
//! `libtorch`. It trained faster on the CPU than `flex` before `flex` had the crate `kernels/`; the two have not been compared
//! since (docs/training.md).

use burn::tensor::Device;

use super::args::DeviceName;

/// This program was built without the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this program was built without the device {0}: build it with `cargo build --release --features {0}`")]
pub struct NotBuiltIn(pub &'static str);

/// Opens the device of this name.
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
