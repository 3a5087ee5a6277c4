//! Reproducible random numbers: SplitMix64 (Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number
//! Generators") and the Fisher-Yates shuffle.
//!
//! For games and splits of data, which need no tensors. The generator's latents use [`crate::gan::random`].

/// A SplitMix64 stream. The same seed gives the same numbers.
#[derive(Debug, Clone)]
pub struct SplitMix {
    state: u64,
}

impl SplitMix {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 to `n - 1`, or 0 for `n = 0`. Takes the high half of a product; the bias is below 2^-32
    /// for `n` below 2^32.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A fair coin.
    pub fn coin(&mut self) -> bool {
        self.bits() >> 63 == 1
    }

    /// Shuffles a slice; every order is equally likely.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link to a game depends on these numbers.
    #[test]
    fn the_stream_matches_the_published_generator() {
        let mut stream = SplitMix::new(1_234_567);
        let got: Vec<u64> = (0..5).map(|_| stream.bits()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(got, published);
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut stream = SplitMix::new(1);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut things = [1, 2, 3];
            stream.shuffle(&mut things);
            *counts.entry(things).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (880..1120).contains(count)), "{counts:?}");
    }

    #[test]
    fn below_stays_below() {
        let mut stream = SplitMix::new(2);
        assert!((0..1000).all(|_| stream.below(3) < 3));
        assert_eq!(stream.below(0), 0);
        let heads = (0..1000).filter(|_| stream.coin()).count();
        assert!((430..570).contains(&heads));
    }
}
