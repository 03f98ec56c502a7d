//! Seeded chance.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A seeded source of chance.
#[derive(Debug)]
pub(super) struct Dice(StdRng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(StdRng::seed_from_u64(seed))
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    /// A whole number in a range, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// How many of something, both ends included.
    pub(super) fn count(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..=high)
    }

    /// One of several.
    pub(super) fn pick<'p, T>(&mut self, pool: &'p [T]) -> &'p T {
        &pool[self.0.random_range(0..pool.len())]
    }

    /// Some of several, each with the given probability, in their order.
    pub(super) fn some<T: Clone>(&mut self, pool: &[T], probability: f64) -> Vec<T> {
        pool.iter()
            .filter(|_| self.chance(probability))
            .cloned()
            .collect()
    }

    /// A value, or now and then nothing.
    pub(super) fn maybe<T>(&mut self, probability: f64, value: T) -> Option<T> {
        self.chance(probability).then_some(value)
    }

    /// A multiple of 1/64 of moderate size, now and then a large one.
    pub(super) fn amount(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
        let sixty_fourths = self.between(-2_000, 20_000) as f64;
        let far_away = if self.chance(0.02) { 1_000_000.0 } else { 0.0 };
        far_away + sixty_fourths / 64.0
    }
}
