//! The rows of one experiment.

use jiff::civil::Date;

use super::dice::Dice;

/// The rows of one experiment under way.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Id of the experiment.
    pub(crate) experiment: &'static str,
    /// All draws of the experiment.
    pub(crate) dice: Dice,
    /// What the units did, their exposures among it.
    pub(crate) rows: Vec<Row>,
    n_units: u32,
}

/// What one unit has of one goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) variant: &'static str,
    pub(crate) unit_type: &'static str,
    pub(crate) aggregation: &'static str,
    pub(crate) goal: &'static str,
    pub(crate) unit: u32,
    pub(crate) date: Option<Date>,
    pub(crate) country: &'static str,
    pub(crate) product: &'static str,
    pub(crate) age: &'static str,
    pub(crate) count: i64,
    /// The value in hundredths, so that sums and squares are exact.
    pub(crate) cents: i64,
}

impl Sheet {
    pub(crate) fn new(index: u64, experiment: &'static str) -> Self {
        Sheet {
            experiment,
            dice: Dice::new(index),
            rows: Vec::new(),
            n_units: 0,
        }
    }

    /// A new user, exposed to the variant: the row of the exposure.
    pub(crate) fn user(&mut self, variant: &'static str) -> Row {
        let row = self.unit(variant, "user");
        self.rows.push(row);
        row
    }

    /// New users, exposed to the variant.
    pub(crate) fn users(&mut self, variant: &'static str, n_units: u32) -> Vec<Row> {
        (0..n_units).map(|_| self.user(variant)).collect()
    }

    /// A new unit of any type, whose exposure is not told.
    pub(crate) fn unit(&mut self, variant: &'static str, unit_type: &'static str) -> Row {
        self.n_units += 1;
        Row {
            variant,
            unit_type,
            aggregation: "global",
            goal: "exposure",
            unit: self.n_units,
            date: None,
            country: "",
            product: "",
            age: "",
            count: 1,
            cents: 0,
        }
    }

    /// Adds a row, unless it counts nothing.
    pub(crate) fn add(&mut self, row: Row) {
        if row.count > 0 {
            self.rows.push(row);
        }
    }
}

impl Row {
    /// One event of a goal, by the same unit.
    pub(crate) fn goal(self, goal: &'static str) -> Row {
        Row {
            aggregation: "unit",
            goal,
            ..self
        }
    }

    /// So many events.
    pub(crate) fn times(self, count: i64) -> Row {
        Row { count, ..self }
    }

    /// For formulas of aggregation `global`.
    pub(crate) fn globally(self) -> Row {
        Row {
            aggregation: "global",
            ..self
        }
    }

    /// Of this product.
    pub(crate) fn of_product(self, product: &'static str) -> Row {
        Row { product, ..self }
    }

    /// Of this value in cents.
    pub(crate) fn worth(self, cents: i64) -> Row {
        Row { cents, ..self }
    }
}
