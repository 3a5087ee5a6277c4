//! Makes scans in advance, while the engine is idle, so that browsers optimise the program. Browsers compile a function quickly
//! when it is first called, and optimise it once it has run for a while: the first scan of a program takes several times as
//! long as later ones.

use burn::tensor::{Device, Tensor};

use crate::gan::generator::Generator;
use crate::gan::layers::Init;
use crate::gan::preset::{LATENT, Preset};
use crate::worker::port;

/// Most scans. They stop earlier, when the weights are there.
const SCANS: usize = 10;
/// A small network. It runs the same functions as the larger ones.
const PRESET: &str = "t32";

/// Makes scans on the processor with a network of zeros, one after the other, as long as `is_idle`.
pub async fn warm_up(is_idle: impl Fn() -> bool) {
    // Messages that arrived while the program loaded come first.
    port::yield_now().await;
    let Some(preset) = Preset::by_name(PRESET).filter(|_| is_idle()) else { return };
    let device = Device::flex();
    let generator = Generator::new(preset, 1, &mut Init::Zero, &device);
    for _ in 0..SCANS {
        let (latents, classes) = (Tensor::zeros([1, LATENT], &device), Tensor::zeros([1, 1], &device));
        drop(generator.forward(latents, classes).into_data_async().await);
        port::yield_now().await;
        if !is_idle() {
            break;
        }
    }
}
