//! A failure while it is not known yet which source it belongs to.

use std::error::Error;
use std::sync::Arc;

use epstats_plan::{LowerError, LowerErrorKind};

use crate::{FailureKind, SourceError};

/// A failure without the name of its source, for the parts of a back-end that need not know it.
#[derive(Debug, Clone)]
pub struct Refusal {
    kind: FailureKind,
    message: String,
    help: Option<String>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Refusal {
    /// A refusal of a kind, in one sentence as [`SourceError::message`] has it.
    #[must_use]
    pub fn new(kind: FailureKind, message: String) -> Self {
        Refusal {
            kind,
            message,
            help: None,
            cause: None,
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Keeps the refusal below this one, for logs.
    #[must_use]
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// The failure of the named source.
    #[must_use]
    pub fn of(self, source_name: &str) -> SourceError {
        SourceError {
            kind: self.kind,
            source_name: source_name.to_owned(),
            message: self.message,
            help: self.help,
            cause: self.cause,
        }
    }
}

impl From<LowerError> for Refusal {
    fn from(error: LowerError) -> Self {
        Refusal {
            kind: match error.kind {
                LowerErrorKind::MissingColumn => FailureKind::MissingColumn,
                LowerErrorKind::WrongType => FailureKind::WrongType,
                LowerErrorKind::NotAnswerable => FailureKind::NotAnswerable,
            },
            message: error.message,
            help: error.help,
            cause: None,
        }
    }
}
