//! Mean logits of the discriminator, for the overfitting check.

use burn::module::Module;
use burn::tensor::Tensor;

use super::balanced_sampler::BalancedSampler;
use super::pixels::one_hot;
use super::random::{Purpose, Stream};
use super::train::TrainState;

impl TrainState {
    /// Mean logit over `batches` mini-batches of real slices, without augmentation: `[1]`.
    pub fn mean_logit(&self, slices: &BalancedSampler, batches: usize) -> Tensor<1> {
        let judge = self.discriminator.valid();
        let side = self.settings.preset.size();
        let mut stream = self.measuring_stream();
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let (real, classes) = slices.batch(self.settings.batch, side, &mut stream, &self.device);
            let class = one_hot(&classes, self.settings.classes, &self.device);
            sum = sum + judge.forward(real, class).mean();
        }
        sum / batches.max(1) as f64
    }

    /// Mean logit over `batches` mini-batches of newly generated scans, without augmentation: `[1]`.
    pub fn mean_fake_logit(&self, batches: usize) -> Tensor<1> {
        let (generator, judge) = (self.generator.valid(), self.discriminator.valid());
        let classes = self.settings.classes;
        let mut stream = self.measuring_stream();
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let chosen: Vec<usize> = (0..self.settings.batch).map(|_| stream.below(classes)).collect();
            let class = one_hot(&chosen, classes, &self.device);
            let fake = generator.forward(self.latents(&mut stream), class.clone());
            sum = sum + judge.forward(fake, class).mean();
        }
        sum / batches.max(1) as f64
    }

    /// Random numbers that no step uses: keys of steps count up from 0, these count down from the largest.
    fn measuring_stream(&self) -> Stream {
        Stream::new(Purpose::Step, self.settings.seed, u64::MAX - self.steps)
    }
}
