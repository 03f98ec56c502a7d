//! The corrections as a choice.

use super::{
    Adjusted, adjusted, benjamini_hochberg_ln, benjamini_yekutieli_ln, bonferroni_ln, given,
    hochberg_ln, holm_ln, holm_sidak_ln, hommel_ln, sidak_ln,
};

/// How the p-values of a family are corrected.
///
/// ```
/// use epstats_stats::Correction;
/// let adjusted = Correction::Holm.adjust_ln(&[Some(-1000.0), None, Some(-2000.0)]);
/// assert_eq!(adjusted[2].unwrap().ln_p_value, -2000.0 + 2.0_f64.ln());
/// assert_eq!(adjusted[1], None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Correction {
    /// Not at all.
    None,
    /// [`bonferroni`](crate::bonferroni).
    Bonferroni,
    /// [`sidak`](crate::sidak).
    Sidak,
    /// [`holm`](crate::holm).
    Holm,
    /// [`holm_sidak`](crate::holm_sidak).
    HolmSidak,
    /// [`hochberg`](crate::hochberg).
    Hochberg,
    /// [`hommel`](crate::hommel).
    Hommel,
    /// [`benjamini_hochberg`](crate::benjamini_hochberg).
    BenjaminiHochberg,
    /// [`benjamini_yekutieli`](crate::benjamini_yekutieli).
    BenjaminiYekutieli,
}

impl Correction {
    /// Every choice, in the order of this list.
    pub const ALL: [Correction; 9] = [
        Correction::None,
        Correction::Bonferroni,
        Correction::Sidak,
        Correction::Holm,
        Correction::HolmSidak,
        Correction::Hochberg,
        Correction::Hommel,
        Correction::BenjaminiHochberg,
        Correction::BenjaminiYekutieli,
    ];

    /// The choice as a word for programs, such as `benjamini-hochberg`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Correction::None => "none",
            Correction::Bonferroni => "bonferroni",
            Correction::Sidak => "sidak",
            Correction::Holm => "holm",
            Correction::HolmSidak => "holm-sidak",
            Correction::Hochberg => "hochberg",
            Correction::Hommel => "hommel",
            Correction::BenjaminiHochberg => "benjamini-hochberg",
            Correction::BenjaminiYekutieli => "benjamini-yekutieli",
        }
    }

    /// Adjusted p-values from the logarithms of p-values; missing ones stay missing and do not count.
    #[must_use]
    pub fn adjust_ln(self, ln_p_values: &[Option<f64>]) -> Vec<Option<Adjusted>> {
        match self {
            Correction::None => {
                let alone = |&ln_p: &Option<f64>| given(ln_p).map(|ln_p| adjusted(ln_p, 1.0));
                ln_p_values.iter().map(alone).collect()
            }
            Correction::Bonferroni => bonferroni_ln(ln_p_values),
            Correction::Sidak => sidak_ln(ln_p_values),
            Correction::Holm => holm_ln(ln_p_values),
            Correction::HolmSidak => holm_sidak_ln(ln_p_values),
            Correction::Hochberg => hochberg_ln(ln_p_values),
            Correction::Hommel => hommel_ln(ln_p_values),
            Correction::BenjaminiHochberg => benjamini_hochberg_ln(ln_p_values),
            Correction::BenjaminiYekutieli => benjamini_yekutieli_ln(ln_p_values),
        }
    }
}
