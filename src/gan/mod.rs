//! The network and how it learns. Knows tensors; knows no browser and no image format.
//!
//! The generator turns a latent vector and a class into a scan and its tumour mask; the discriminator
//! mirrors it. Skeleton and loss follow R3GAN (Huang et al. 2024, arXiv 2501.05441) with plain 3x3 residual
//! blocks.

pub mod preset;
