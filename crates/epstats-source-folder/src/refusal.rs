//! How a folder refuses, in the kinds of the source room.

use std::error::Error;
use std::sync::Arc;

use epstats_source::{FailureKind, SourceError};

/// A refusal that does not yet know the name of its source.
#[derive(Debug)]
pub(crate) struct Refusal {
    kind: FailureKind,
    message: String,
    help: Option<String>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Refusal {
    pub(crate) fn new(kind: FailureKind, message: String) -> Self {
        Refusal {
            kind,
            message,
            help: None,
            cause: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// The failure of the named source.
    pub(crate) fn of(self, source_name: &str) -> SourceError {
        SourceError {
            kind: self.kind,
            source_name: source_name.to_owned(),
            message: self.message,
            help: self.help,
            cause: self.cause,
        }
    }
}
