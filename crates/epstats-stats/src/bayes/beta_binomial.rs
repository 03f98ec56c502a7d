//! Beta belief, binomial counts.

use std::f64::consts::LN_2;

use super::normal_normal::ChanceToWin;
use crate::distribution::beta_logit::{Point, ln_density, ln_lower_tail};
use crate::{Better, Comparison, Undefined};

/// A beta distribution of belief in a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaBelief {
    /// Successes, with those of the prior; above 0.
    pub a: f64,
    /// Failures, with those of the prior; above 0.
    pub b: f64,
}

impl BetaBelief {
    /// Every rate is equally likely.
    pub const UNIFORM: BetaBelief = BetaBelief { a: 1.0, b: 1.0 };

    /// The belief after so many successes among n units.
    ///
    /// # Errors
    ///
    /// [`Undefined::InvalidInput`] where the successes are not between 0 and n.
    pub fn after(self, successes: f64, n: f64) -> Result<BetaBelief, Undefined> {
        if !(successes >= 0.0 && successes <= n && n.is_finite()) {
            return Err(Undefined::InvalidInput);
        }
        Ok(BetaBelief {
            a: self.a + successes,
            b: self.b + (n - successes),
        })
    }
}

/// The chance that the treatment's rate is the better one, from beta beliefs about both.
///
/// **Formula**: P(p_t > p_c) = ∫ f(x) F(x) dx, f the density of the narrower belief and F the tail of the other beyond x, by the trapezoidal rule in
/// ln(x/(1 − x)), which converges exponentially for such functions. **Legend**: belief of a variant Beta(a, b), a prior successes plus successes, b
/// prior failures plus failures. **Assumptions**: units are independent, priors independent of each other and chosen before the data are seen.
/// **Range**: a and b from 0.05 to 1e12, whole or not. **Accuracy**: 5e-14 relative for beliefs from up to 1e6 units, 1.2e-13 for 1e9, in the chance to
/// win and in the chance to lose. **Cost**: about a hundred evaluations of the incomplete beta function, however many units.
/// **Source**: Trefethen and Weideman 2014 (the trapezoidal rule); the finite sum for whole a is that of Miller 2015.
///
/// ```
/// use epstats_stats::{BetaBelief, Better, Comparison, beta_binomial};
/// let beliefs = Comparison {
///     control: BetaBelief::UNIFORM.after(20.0, 200.0).unwrap(),
///     treatment: BetaBelief::UNIFORM.after(30.0, 210.0).unwrap(),
/// };
/// let win = beta_binomial(&beliefs, Better::Higher).unwrap();
/// assert!((win.chance - 0.9054001220079702).abs() < 1e-13);
/// ```
///
/// # Errors
///
/// [`Undefined::InvalidInput`].
pub fn beta_binomial(
    beliefs: &Comparison<BetaBelief>,
    better: Better,
) -> Result<ChanceToWin, Undefined> {
    let Comparison { control, treatment } = *beliefs;
    let in_range = |value: f64| (SMALLEST_PARAMETER..=LARGEST_PARAMETER).contains(&value);
    if ![control.a, control.b, treatment.a, treatment.b]
        .iter()
        .all(|&v| in_range(v))
    {
        return Err(Undefined::InvalidInput);
    }
    let (winner, loser) = match better {
        Better::Higher => (treatment, control),
        Better::Lower => (control, treatment),
    };
    let ln_chance = ln_chance_above(winner, loser)?;
    if ln_chance < -LN_2 {
        return Ok(ChanceToWin {
            chance: ln_chance.exp(),
            ln_chance,
            ln_chance_to_lose: (-ln_chance.exp()).ln_1p(),
        });
    }
    // The smaller of the two is integrated, the larger is the rest.
    let ln_chance_to_lose = ln_chance_above(loser, winner)?;
    let lose = ln_chance_to_lose.exp();
    Ok(ChanceToWin {
        chance: 1.0 - lose,
        ln_chance: (-lose).ln_1p(),
        ln_chance_to_lose,
    })
}

/// Logarithm of the probability that a rate from one belief is above one from the other.
fn ln_chance_above(above: BetaBelief, below: BetaBelief) -> Result<f64, Undefined> {
    let (density, tail) = if above.spread() <= below.spread() {
        (above, below)
    } else {
        // The same question about the rates of failure, so that the narrower belief is the density again.
        (below.mirrored(), above.mirrored())
    };
    let ln_term = |logit: f64| {
        let point = Point::at_logit(logit);
        let ln_density = ln_density(density.a, density.b, point);
        let ln_tail = ln_lower_tail(tail.a, tail.b, point).ok_or(Undefined::InvalidInput)?;
        let ln_term = ln_density + ln_tail;
        // Beyond the range of x or y, where nothing is left.
        Ok(if ln_term.is_nan() {
            f64::NEG_INFINITY
        } else {
            ln_term
        })
    };
    let peak = Peak::of(
        ln_term,
        (density.a / density.b).ln(),
        density.spread().min(1.0),
    )?;
    if peak.ln_term == f64::NEG_INFINITY {
        return Ok(f64::NEG_INFINITY);
    }
    let step = STEP * peak.width.min(WIDEST);
    let mut sum = 1.0;
    for direction in [-step, step] {
        for place in 1..=MOST_TERMS {
            let term = (ln_term(peak.logit + f64::from(place) * direction)? - peak.ln_term).exp();
            sum += term;
            if term < NEGLIGIBLE {
                break;
            }
        }
    }
    Ok((peak.ln_term + (sum * step).ln()).min(0.0))
}

/// About where the terms are largest.
struct Peak {
    logit: f64,
    ln_term: f64,
    /// The standard deviation of the normal curve that bends as much.
    width: f64,
}

impl Peak {
    /// Uphill from `start` in shorter and shorter strides, which cannot miss, since the terms are log-concave.
    fn of(
        ln_term: impl Fn(f64) -> Result<f64, Undefined>,
        start: f64,
        spread: f64,
    ) -> Result<Self, Undefined> {
        let (mut logit, mut best) = (start, ln_term(start)?);
        for halvings in 0..HALVINGS {
            let stride = LONGEST_STRIDE * spread * 0.5_f64.powi(halvings);
            for direction in [-stride, stride] {
                loop {
                    let found = ln_term(logit + direction)?;
                    if found <= best {
                        break;
                    }
                    logit += direction;
                    best = found;
                }
            }
        }
        let around = LONGEST_STRIDE * spread * 0.5_f64.powi(HALVINGS - 1);
        let bend = ln_term(logit - around)? - 2.0 * best + ln_term(logit + around)?;
        Ok(Self {
            logit,
            ln_term: best,
            width: around / (-bend).max(f64::MIN_POSITIVE).sqrt(),
        })
    }
}

impl BetaBelief {
    /// The belief in the rate of failures.
    fn mirrored(self) -> Self {
        Self {
            a: self.b,
            b: self.a,
        }
    }

    /// About the standard deviation of ln(x/(1 − x)).
    fn spread(self) -> f64 {
        (1.0 / self.a + 1.0 / self.b).sqrt()
    }
}

/// Step of the trapezoidal rule in widths of the peak: for a normal curve its error is exp(−2π²/0.4²) = 3e-54. The densities here fall off on one side
/// like that of ln(gamma), whose Fourier transform |Γ(a + iω)|/Γ(a) at ω = 2π/step is below 1e-19 for every a.
const STEP: f64 = 0.4;
/// Width beyond which the step grows no more: for a about 1 the transform falls off as exp(−π ω/2), whatever the width.
const WIDEST: f64 = 0.4;
/// The first stride uphill, in spreads of the density.
const LONGEST_STRIDE: f64 = 256.0;
/// Strides down to 1/16 of a spread.
const HALVINGS: i32 = 13;
/// Part of the largest term below which the rest, which falls at least as fast as a geometric series, is left out.
const NEGLIGIBLE: f64 = 1e-19;
/// More terms than any belief in range has.
const MOST_TERMS: u32 = 20_000;
/// Below it the logit of x leaves the range of `f64` before the density has faded.
const SMALLEST_PARAMETER: f64 = 0.05;
/// Above it rounding of x is as large as the spread of the belief.
const LARGEST_PARAMETER: f64 = 1e12;
