//! Draws of whole numbers.

use rand::Rng;
use rand::rngs::ChaCha8Rng;

use crate::population::stream;

/// Draws made of the raw stream, and of integers only, so that the test data are the same with every version of every
/// crate and on every machine.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

const SEED: u64 = 2026;

impl Dice {
    /// The draws of experiment number `index`, whatever the experiments around it.
    pub(crate) fn new(index: u64) -> Self {
        Dice(stream(SEED, index))
    }

    /// One of `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let choices = most.abs_diff(least) + 1;
        // The remainder favours small numbers by less than one in 2^50.
        least.saturating_add_unsigned(self.0.next_u64() % choices)
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several, each as often.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let most = i64::try_from(choices.len()).unwrap_or(i64::MAX) - 1;
        let place = self.between(0, most);
        choices[usize::try_from(place).unwrap_or_default()]
    }

    /// The price of a basket in cents: from 4.90 to 102.91, the small ones more often.
    pub(crate) fn price(&mut self) -> i64 {
        490 + self.between(0, 99) * self.between(0, 99)
    }
}
