//! The GAN: its two networks, how they are trained, and their weights files.
//!
//! The generator turns a latent vector and a class into a scan with its tumour mask. The discriminator has the
//! same stages in reverse order. Architecture and loss follow R3GAN (Huang et al. 2024, arXiv 2501.05441), with
//! plain 3 x 3 residual blocks. Images are `[batch, 2, side, side]`: channel 0 is the scan, channel 1 the mask.
//! Values run from -1 (air, no tumour) to 1.
//!
//! This module works with tensors. It uses no browser interface and no image format.

pub mod adaptive_augment;
pub mod feature_maps;
pub mod logit_reference;
pub mod preset;

#[cfg(feature = "network")]
pub mod card;
#[cfg(feature = "network")]
pub mod directions;
#[cfg(feature = "network")]
pub mod discriminator;
#[cfg(feature = "network")]
pub mod discriminator_model;
#[cfg(feature = "network")]
pub mod generator;
#[cfg(feature = "network")]
pub mod generator_model;
#[cfg(feature = "network")]
pub mod layers;
#[cfg(feature = "network")]
pub mod noise;
#[cfg(feature = "network")]
pub mod ops;
#[cfg(feature = "network")]
pub mod pixels;
#[cfg(feature = "network")]
pub mod random;
#[cfg(feature = "network")]
pub mod state_dict;
#[cfg(feature = "network")]
pub mod weights;
#[cfg(feature = "network")]
pub mod weights_error;

#[cfg(feature = "train")]
pub mod adam;
#[cfg(feature = "train")]
pub mod adjoint;
#[cfg(feature = "train")]
pub mod augment;
#[cfg(feature = "train")]
pub mod balanced_sampler;
#[cfg(feature = "train")]
pub mod checkpoint;
#[cfg(feature = "train")]
pub mod ema;
#[cfg(feature = "train")]
pub mod judge;
#[cfg(feature = "train")]
pub mod loss;
#[cfg(feature = "train")]
mod mean_logits;
#[cfg(feature = "train")]
pub mod network_step;
#[cfg(feature = "train")]
pub mod parameters;
#[cfg(feature = "train")]
pub mod publish;
#[cfg(feature = "train")]
pub mod schedule;
#[cfg(feature = "train")]
pub mod step_inputs;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "train")]
pub mod trainable;
#[cfg(feature = "train")]
pub mod transfer;
