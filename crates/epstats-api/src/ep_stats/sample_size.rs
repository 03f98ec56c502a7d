//! `POST /sample-size-calculation`.

use epstats_evaluate::ep_stats::{bernoulli_sample_size, round_sample_size, sample_size};

use super::detail::{Detail, Details, no_body, unreadable};
use super::failure::MINIMUM_EFFECT;
use super::json;
use super::walk::At;
use super::write::{NonFinite, Writer};

/// A request of `POST /sample-size-calculation`, understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSizeRequest {
    /// Number of variants, control included.
    pub n_variants: i64,
    /// Smallest relative effect worth finding.
    pub minimum_effect: f64,
    /// The mean of the metric; a share where there is no `std`.
    pub mean: f64,
    /// The standard deviation of the metric; `None` for shares, whose mean gives it.
    pub std: Option<f64>,
    /// Confidence level, 0.95 unless given.
    pub confidence_level: f64,
    /// Probability to find the effect, 0.8 unless given.
    pub power: f64,
}

/// Reads the body of a request as leniently as ep-stats.
///
/// # Errors
///
/// Everything that is wrong with the fields and their types; whether a number makes sense is judged by
/// [`sample_size_response`].
pub fn read_sample_size_request(body: &[u8]) -> Result<SampleSizeRequest, Vec<Detail>> {
    if body.is_empty() {
        return Err(no_body());
    }
    let json = json::parse(body).map_err(unreadable)?;
    let mut details = Details::default();
    let request = read(&At::body(&json), &mut details);
    details.or(request)
}

fn read(at: &At<'_, '_>, details: &mut Details) -> Option<SampleSizeRequest> {
    if !at.is_object(details) {
        return None;
    }
    let n_variants = at
        .required("n_variants", details)
        .and_then(|field| n_variants(&field, details));
    let number = |name, details: &mut Details| at.required(name, details)?.number(details);
    let minimum_effect = number("minimum_effect", details);
    let mean = number("mean", details);
    let std = at.optional("std").and_then(|field| field.number(details));
    let or_default = |name, default, details: &mut Details| match at.field(name) {
        Some(field) => field.number(details),
        None => Some(default),
    };
    let confidence_level = or_default("confidence_level", 0.95, details);
    let power = or_default("power", 0.8, details);
    Some(SampleSizeRequest {
        n_variants: n_variants?,
        minimum_effect: minimum_effect?,
        mean: mean?,
        std,
        confidence_level: confidence_level?,
        power: power?,
    })
}

fn n_variants(field: &At<'_, '_>, details: &mut Details) -> Option<i64> {
    let digits = field.integer(details)?;
    // In Python integers have no end. Beyond 64 bits one more digit changes the size by a hundredth: it enters by a quantile of its inverse.
    let beyond = if digits.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(digits.parse().unwrap_or(beyond))
}

/// The answer `{"sample_size_per_variant": …}`: units of each variant, rounded, halves to even.
///
/// **Formula**: [`sample_size`], without `std` [`bernoulli_sample_size`]. **Edges**: an effect or a mean of zero gives infinity, a mean of
/// zero without `std` gives NaN, and so does a share that the effect lifts above 1.
///
/// # Errors
///
/// Why there is none, in the words of ep-stats where it has any.
///
/// ```
/// use epstats_api::ep_stats::{NonFinite, SampleSizeRequest, sample_size_response};
///
/// let request = SampleSizeRequest {
///     n_variants: 2, minimum_effect: 0.05, mean: 0.4, std: None, confidence_level: 0.95, power: 0.8,
/// };
/// assert_eq!(
///     sample_size_response(&request, NonFinite::Tokens).unwrap(),
///     r#"{"sample_size_per_variant":9489.0}"#
/// );
/// ```
pub fn sample_size_response(
    request: &SampleSizeRequest,
    numbers: NonFinite,
) -> Result<String, String> {
    let SampleSizeRequest {
        minimum_effect,
        mean,
        std,
        confidence_level,
        power,
        ..
    } = *request;
    if std.is_none() && !(0.0..=1.0).contains(&mean) {
        return Err(not_a_share("mean", mean));
    }
    if minimum_effect < 0.0 {
        return Err(MINIMUM_EFFECT.to_owned());
    }
    let n_variants = match usize::try_from(request.n_variants) {
        Ok(count) if count >= 2 => count,
        _ => return Err("There must be at least two variants.".to_owned()),
    };
    for (name, share) in [("confidence_level", confidence_level), ("power", power)] {
        if !(share > 0.0 && share < 1.0) {
            return Err(not_a_share(name, share));
        }
    }
    let units = match std {
        Some(std) => sample_size(
            n_variants,
            minimum_effect,
            mean,
            (std, None),
            confidence_level,
            power,
        ),
        None => bernoulli_sample_size(n_variants, minimum_effect, mean, confidence_level, power),
    };
    // What is left of wrong input is an effect of NaN.
    let units = units.map_or(f64::NAN, round_sample_size);
    let mut writer = Writer::new(numbers);
    writer.object(|writer| writer.name("sample_size_per_variant").number(units));
    Ok(writer.finish())
}

fn not_a_share(name: &str, received: f64) -> String {
    // Python writes NaN and infinities in lower case.
    let received = format!("{received:?}").to_lowercase();
    format!("{name} must be between zero and one, received {received}.")
}
