//! Dimensions of the exposure by which units are told apart.

use std::borrow::Cow;

use super::exact::Unit;
use super::questions::Tables;
use super::table::Kind;
use crate::{FailureKind, SourceError};

/// A dimension of the exposure.
pub(super) struct Stratum<'t> {
    pub(super) dimension: &'t str,
    column: usize,
}

impl<'t> Stratum<'t> {
    pub(super) fn of(dimension: &'t str, tables: &Tables<'t>) -> Result<Self, SourceError> {
        let exposures = &tables.exposures;
        let column = exposures.position(dimension)?;
        match exposures.reader.kind(column) {
            Kind::Text | Kind::Boolean | Kind::Integer | Kind::Date => {
                Ok(Stratum { dimension, column })
            }
            kind @ (Kind::Number | Kind::Timestamp) => Err(exposures.reader.failure(
                FailureKind::NotAnswerable,
                format!(
                    "units cannot be told apart by column `{dimension}` of table `{}`, which holds {kind}",
                    exposures.reader.name
                ),
                Some("name a column of text, integers, booleans or dates".to_owned()),
            )),
        }
    }

    /// The value of a unit: the smallest text among the rows of its first moment, if there is one.
    pub(super) fn value<M: Copy + Ord>(&self, unit: &Unit<'_, M>) -> Option<String> {
        let texts = unit.first_rows().filter_map(|row| row[self.column].text());
        texts.min().map(Cow::into_owned)
    }
}
