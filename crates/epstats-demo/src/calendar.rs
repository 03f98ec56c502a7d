//! When things happen: days of the experiment, days of the log, busy and quiet hours.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rand::{Rng, RngExt};

/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;
/// How long the events of a unit count after its exposure; written into the source definition.
pub(crate) const WINDOW_DAYS: i64 = 14;

/// A Monday, so that the usual four weeks are whole ones.
const FIRST_DAY: Date = date(2025, 3, 3);
/// Days of the log before the experiment, whose events must not count.
const DAYS_BEFORE: i64 = 7;
/// Days of the log after the experiment, likewise.
const DAYS_AFTER: i64 = 3;

/// How busy the shop is from Monday to Sunday; 1 is the average.
const WEEKDAYS: [f64; 7] = [0.95, 0.90, 0.90, 0.93, 0.97, 1.12, 1.23];
/// How busy it is in each hour of the day (UTC), in any scale.
const HOURS: [f64; 24] = [
    4.0, 2.5, 1.5, 1.0, 1.0, 2.0, 4.0, 7.0, 9.0, 10.0, 11.0, 11.0, 11.0, 10.0, 10.0, 10.0, 11.0,
    13.0, 16.0, 18.0, 18.0, 16.0, 11.0, 7.0,
];

/// The days of experiment and log, and how busy each hour of them is. Times are microseconds since 1970, UTC.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// First day of the experiment.
    pub(crate) date_from: Date,
    /// Its last day.
    pub(crate) date_to: Date,
    /// Where the last day of the experiment ends.
    pub(crate) experiment_end: i64,
    /// Where it ends.
    pub(crate) log_end: i64,
    /// Visits of one unit whose rate is one a day, over the whole log.
    pub(crate) visits: Intensity,
    /// First exposures, over the days of the experiment: many at first, then fewer.
    pub(crate) arrivals: Intensity,
}

impl Calendar {
    /// The calendar of an experiment of so many days.
    pub(crate) fn new(days: u32) -> Self {
        let days = i64::from(days);
        let start = start_of(FIRST_DAY);
        let log_start = start - DAYS_BEFORE * DAY;
        let visits = (-DAYS_BEFORE..days + DAYS_AFTER).flat_map(busy);
        let arrivals = (0..days).flat_map(|day| {
            let share = 0.4 + (-day as f64 / 6.0).exp();
            busy(day).map(move |weight| weight * share)
        });
        Calendar {
            date_from: FIRST_DAY,
            date_to: FIRST_DAY.saturating_add((days - 1).days()),
            experiment_end: start + days * DAY,
            log_end: start + (days + DAYS_AFTER) * DAY,
            visits: Intensity::new(log_start, visits),
            arrivals: Intensity::new(start, arrivals),
        }
    }

    /// Where events stop counting for a unit that was exposed at `time`.
    pub(crate) fn window_end(&self, time: i64) -> i64 {
        (time + WINDOW_DAYS * DAY).min(self.experiment_end)
    }
}

fn start_of(day: Date) -> i64 {
    TimeZone::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .expect("the day is far from the end of time")
        .as_microsecond()
}

/// Weights of the hours of a day, counted from the first of the experiment; a usual day has 1 together.
fn busy(day: i64) -> impl Iterator<Item = f64> {
    let weekday = WEEKDAYS[day.rem_euclid(7) as usize];
    let total: f64 = HOURS.iter().sum();
    HOURS.iter().map(move |hour| weekday * hour / total)
}

/// How often something happens, constant within each hour.
#[derive(Debug)]
pub(crate) struct Intensity {
    start: i64,
    /// What is expected before each hour; the last entry is the total.
    cumulative: Vec<f64>,
}

impl Intensity {
    fn new(start: i64, hours: impl Iterator<Item = f64>) -> Self {
        let mut cumulative = vec![0.0];
        let mut total = 0.0;
        for weight in hours {
            total += weight;
            cumulative.push(total);
        }
        Intensity { start, cumulative }
    }

    /// What is expected over the whole time.
    pub(crate) fn total(&self) -> f64 {
        self.cumulative[self.cumulative.len() - 1]
    }

    /// A time, drawn in proportion to the intensity.
    pub(crate) fn sample(&self, rng: &mut impl Rng) -> i64 {
        let drawn = rng.random::<f64>() * self.total();
        let last = self.cumulative.len() - 2;
        let hour = (self.cumulative.partition_point(|&before| before <= drawn) - 1).min(last);
        let (before, after) = (self.cumulative[hour], self.cumulative[hour + 1]);
        let within = (drawn - before) / (after - before);
        self.start + hour as i64 * HOUR + (within * HOUR as f64) as i64
    }

    /// What is expected before `time`, which lies within the hours.
    pub(crate) fn before(&self, time: i64) -> f64 {
        let hour = ((time - self.start) / HOUR) as usize;
        let Some(&after) = self.cumulative.get(hour + 1) else {
            return self.total();
        };
        let within = ((time - self.start) % HOUR) as f64 / HOUR as f64;
        self.cumulative[hour] + within * (after - self.cumulative[hour])
    }

    /// The middle of each hour, with what is expected within it.
    pub(crate) fn hours(&self) -> impl Iterator<Item = (i64, f64)> {
        self.cumulative.windows(2).enumerate().map(|(hour, sums)| {
            let middle = self.start + hour as i64 * HOUR + HOUR / 2;
            (middle, sums[1] - sums[0])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    #[test]
    fn the_experiment_has_four_whole_weeks() {
        let calendar = Calendar::new(28);
        assert_eq!(calendar.date_from.to_string(), "2025-03-03");
        assert_eq!(calendar.date_to.to_string(), "2025-03-30");
        assert_eq!(calendar.log_end - calendar.experiment_end, 3 * DAY);
        assert!((calendar.visits.total() - 38.0).abs() < 0.5);
    }

    #[test]
    fn times_are_drawn_in_proportion_to_the_intensity() {
        let intensity = Intensity::new(0, [1.0, 0.0, 3.0].into_iter());
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let times: Vec<i64> = (0..40_000).map(|_| intensity.sample(&mut rng)).collect();
        let early = times.iter().filter(|&&time| time < HOUR).count();
        assert!(times.iter().all(|time| (0..3 * HOUR).contains(time)));
        assert!(!times.iter().any(|time| (HOUR..2 * HOUR).contains(time)));
        // 10,000 expected, standard deviation 87.
        assert!((9_600..10_400).contains(&early), "{early}");
        assert_eq!(intensity.before(HOUR / 2), 0.5);
        assert_eq!(intensity.before(3 * HOUR), 4.0);
    }
}
