//! Intervals drawn on a common axis.

use super::page::Signs;

/// The axis of one metric: from the smallest lower limit to the largest upper one, zero included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// An effect to draw: what is undefined is missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Mark {
    pub(super) estimate: Option<f64>,
    pub(super) limits: Option<(f64, f64)>,
}

impl Axis {
    /// The axis that shows every finite number of the marks; `None` where there is none but zero.
    pub(super) fn of(marks: impl Iterator<Item = Mark>) -> Option<Self> {
        let mut axis = Axis { from: 0.0, to: 0.0 };
        for mark in marks {
            let limits = mark
                .limits
                .map_or([None; 2], |(lower, upper)| [Some(lower), Some(upper)]);
            for value in limits.into_iter().chain([mark.estimate]).flatten() {
                if value.is_finite() {
                    axis.from = axis.from.min(value);
                    axis.to = axis.to.max(value);
                }
            }
        }
        (axis.from < axis.to).then_some(axis)
    }

    /// The mark in so many columns.
    pub(super) fn draw(&self, mark: Mark, columns: usize, signs: &Signs) -> String {
        let mut cells = vec![' '; columns];
        let zero = self.column(0.0, columns);
        if let Some((lower, upper)) = mark.limits {
            let drawn = self.column(lower, columns)..=self.column(upper, columns);
            cells[drawn.clone()].fill(signs.line);
            cells[zero] = if drawn.contains(&zero) {
                signs.crossing
            } else {
                signs.zero
            };
        } else {
            cells[zero] = signs.zero;
        }
        if let Some(estimate) = mark.estimate {
            cells[self.column(estimate, columns)] = signs.point;
        }
        cells.into_iter().collect()
    }

    /// The column of a value; the ends for what is beyond them.
    fn column(&self, value: f64, columns: usize) -> usize {
        // Halved, so that the length of the axis is a number too.
        let share = (value / 2.0 - self.from / 2.0) / (self.to / 2.0 - self.from / 2.0);
        let last = columns.saturating_sub(1);
        ((share.clamp(0.0, 1.0) * last as f64).round() as usize).min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TerminalOptions;
    use super::super::page::Page;
    use super::*;

    fn drawn(lower: f64, estimate: f64, upper: f64) -> String {
        let page = Page::new(&TerminalOptions::default());
        let axis = Axis {
            from: -4.0,
            to: 6.0,
        };
        let mark = Mark {
            estimate: Some(estimate),
            limits: Some((lower, upper)),
        };
        axis.draw(mark, 11, page.signs)
    }

    #[test]
    fn an_interval_around_zero_crosses_the_zero_line() {
        assert_eq!(drawn(-2.0, 1.0, 4.0), "  ──┼●───  ");
    }

    #[test]
    fn an_interval_beside_zero_leaves_the_zero_line_alone() {
        assert_eq!(drawn(2.0, 4.0, 6.0), "    │ ──●──");
    }

    #[test]
    fn an_infinite_interval_reaches_the_ends() {
        assert_eq!(drawn(f64::NEG_INFINITY, 2.0, f64::INFINITY), "────┼─●────");
    }
}
