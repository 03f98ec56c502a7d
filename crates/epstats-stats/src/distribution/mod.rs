//! Normal, Student t and chi-square: tails, their logarithms, and quantiles; quantiles of beta; noncentral t, Kolmogorov, Anderson–Darling: tails.
//!
//! Upper tails (`sf`, the survival function) are computed themselves, never as one minus something, so they keep their digits down to the
//! smallest numbers; below about 1e-290 the logarithm `ln_sf` goes on. Quantiles take the upper tail (`isf`, its inverse).
//! An argument outside the stated range gives NaN.

mod anderson_darling;
pub(crate) mod beta_logit;
mod beta_quantile;
mod chi_square;
mod kolmogorov;
mod kolmogorov_large;
mod noncentral_t;
mod normal;
mod student_t;
mod student_t_quantile;

pub use anderson_darling::anderson_darling_sf;
pub use beta_quantile::beta_isf;
pub use chi_square::{chi_square_cdf, chi_square_ln_sf, chi_square_sf};
pub use kolmogorov::kolmogorov_sf;
pub use noncentral_t::{noncentral_t_cdf, noncentral_t_sf};
pub use normal::{normal_cdf, normal_isf, normal_ln_sf, normal_mills_ratio, normal_pdf, normal_sf};
pub use student_t::{student_t_cdf, student_t_ln_sf, student_t_pdf, student_t_sf, student_t_tail};
pub use student_t_quantile::{StudentTQuantile, student_t_isf};

/// Below this a tail is computed through its logarithm: the routines for tails lose digits near the smallest numbers.
const SMALLEST_DIRECT: f64 = 1e-290;
