//! A metric and its covariates as affine functions of the quantities of one variant.

use epstats_experiment::stats::{Estimate, Linear, Moments, Undefined, delta_variance, linearize};
use epstats_experiment::{GoalMoments, MetricNeeds};

use super::exact::places;
use super::quantities::Quantities;
use super::quotient::Quotient;

/// The metric (first) and its covariates, over all the quantities that they read.
pub(in crate::profile) struct Affine<'n> {
    quotients: Vec<Quotient<'n>>,
    /// The quantities, in the order of every gradient.
    indices: Vec<usize>,
    /// Place of the co-moment of each two of them, by rows.
    places: Vec<usize>,
    /// Number of quantities of the statistics.
    n_quantities: usize,
    /// Number of their co-moments.
    n_pairs: usize,
}

/// A function of the quantities that is linear around the means of a variant.
pub(in crate::profile) struct Tangent {
    /// Its value at the means of the variant.
    pub(in crate::profile) value: f64,
    /// Its derivative by each quantity.
    pub(in crate::profile) gradient: Vec<f64>,
    /// The means of the variant.
    means: Vec<f64>,
}

impl<'n> Affine<'n> {
    /// `None` where the statistics lack a quantity or a co-moment.
    pub(in crate::profile) fn new(
        needs: &'n MetricNeeds<'n>,
        quantities: Quantities<'n>,
        pairs: &[(usize, usize)],
        unit_type: &str,
    ) -> Option<Self> {
        let metric = (&needs.numerator, needs.denominator.as_ref());
        let covariates = needs
            .covariates
            .iter()
            .map(|covariate| (&covariate.numerator, covariate.denominator.as_ref()));
        let quotients = std::iter::once(metric)
            .chain(covariates)
            .map(|(numerator, denominator)| {
                Quotient::compile(numerator, denominator, quantities, unit_type)
            })
            .collect::<Option<Vec<_>>>()?;
        let mut indices: Vec<usize> = quotients.iter().flat_map(Quotient::indices).collect();
        indices.sort_unstable();
        indices.dedup();
        let places = places(&indices, pairs).into_iter().collect::<Option<_>>()?;
        Some(Affine {
            quotients,
            indices,
            places,
            n_quantities: quantities.len(),
            n_pairs: pairs.len(),
        })
    }

    /// Number of covariates.
    pub(in crate::profile) fn n_covariates(&self) -> usize {
        self.quotients.len() - 1
    }

    /// Moments of the quantities of this metric alone; undefined where `moments` are not of the quantities of the statistics.
    pub(in crate::profile) fn quantities(
        &self,
        moments: &GoalMoments,
    ) -> Result<Moments, Undefined> {
        if (moments.means.len(), moments.comoments.len()) != (self.n_quantities, self.n_pairs) {
            return Err(Undefined::InvalidInput);
        }
        let means: Vec<f64> = self.indices.iter().map(|&at| moments.means[at]).collect();
        let n = self.indices.len();
        let rows = (0..n).flat_map(|i| (i..n).map(move |j| i * n + j));
        let comoments: Vec<f64> = rows
            .map(|cell| moments.comoments[self.places[cell]])
            .collect();
        Ok(Moments::from_parts(moments.n_units, &means, &comoments))
    }

    /// Each function at the means of `own`; what has no value because a covariate's denominator is zero is nothing at all.
    pub(in crate::profile) fn linear(&self, own: &Moments) -> Result<Vec<Linear>, Undefined> {
        // Programs read quantities by their number in the statistics. What does not vary is one for every unit.
        let mut all_means = vec![1.0; self.n_quantities];
        for (place, &index) in self.indices.iter().enumerate() {
            all_means[index] = own.mean(place);
        }
        let mut scratch = Vec::new();
        let mut functions = Vec::with_capacity(self.quotients.len());
        for (at, quotient) in self.quotients.iter().enumerate() {
            let found = quotient.evaluate(&all_means, &mut scratch);
            let mut gradient = vec![0.0; self.indices.len()];
            if found.all_finite {
                for (index, slope) in quotient.indices().zip(found.gradient) {
                    if let Ok(place) = self.indices.binary_search(&index) {
                        gradient[place] = *slope;
                    }
                }
                functions.push(Linear {
                    value: found.value,
                    gradient,
                });
                continue;
            }
            let reason = quotient.why(&all_means);
            if at == 0 || reason != Undefined::DenominatorZero {
                return Err(reason);
            }
            functions.push(Linear {
                value: 0.0,
                gradient,
            });
        }
        Ok(functions)
    }

    /// Moments of the functions of one variant: the metric, then its covariates.
    pub(in crate::profile) fn moments(&self, own: &Moments) -> Result<Moments, Undefined> {
        linearize(own, &self.linear(own)?)
    }

    /// The metric of one variant less `slopes` times its covariates, with `value` at its means.
    pub(in crate::profile) fn tangent(
        &self,
        own: &Moments,
        value: f64,
        slopes: &[f64],
    ) -> Result<Tangent, Undefined> {
        let functions = self.linear(own)?;
        let (metric, covariates) = functions.split_first().ok_or(Undefined::InvalidInput)?;
        let mut gradient = metric.gradient.clone();
        for (slope, covariate) in slopes.iter().zip(covariates) {
            for (whole, part) in gradient.iter_mut().zip(&covariate.gradient) {
                *whole -= slope * part;
            }
        }
        Ok(Tangent {
            value,
            gradient,
            means: (0..self.indices.len()).map(|at| own.mean(at)).collect(),
        })
    }
}

impl Tangent {
    /// The estimate for a part of the units of the variant; without units it has no value and no variance.
    pub(in crate::profile) fn estimate(&self, part: &Moments) -> Result<Estimate, Undefined> {
        let n = part.n() as f64;
        let moved: f64 = (self.gradient.iter().zip(&self.means).enumerate())
            .map(|(at, (slope, mean))| slope * (part.mean(at) - mean))
            .sum();
        let unit_variance = if part.n() > 1 {
            delta_variance(&self.gradient, |i, j| part.comoment(i, j) / (n - 1.0))?
        } else {
            0.0
        };
        Ok(Estimate {
            value: if part.n() > 0 {
                self.value + moved
            } else {
                0.0
            },
            unit_variance,
            n,
        })
    }
}
