//! Where a file or folder is: on this machine, or in an object store.

use std::fmt;
use std::path::PathBuf;

use datafusion::datasource::listing::ListingTableUrl;
use epstats_source::{FailureKind, Refusal};
use object_store::path::Path as ObjectPath;
use url::Url;

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Local(PathBuf),
    Stored(Object),
}

/// An object, or a common beginning of names of objects, in a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    /// Which of the stores of the evaluation.
    pub(crate) store: usize,
    /// What the operator calls the store, without a slash at the end: `s3://bucket`.
    pub(crate) base: String,
    /// Its name in the store.
    pub(crate) path: ObjectPath,
}

impl Place {
    /// The store it is in; `None` for this machine.
    pub(crate) fn store(&self) -> Option<usize> {
        match self {
            Place::Local(_) => None,
            Place::Stored(object) => Some(object.store),
        }
    }

    /// The last part of its name.
    pub(crate) fn name(&self) -> String {
        match self {
            Place::Local(path) => {
                let name = path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
            Place::Stored(object) => object.path.filename().unwrap_or_default().to_owned(),
        }
    }

    /// The address that the engine finds it by.
    pub(crate) fn url(&self, is_folder: bool) -> Result<ListingTableUrl, Refusal> {
        let refused = |reason: String| {
            Refusal::new(
                FailureKind::NotFound,
                format!("`{self}` cannot be read: {reason}"),
            )
        };
        let url = match self {
            Place::Local(path) => {
                let absolute =
                    std::path::absolute(path).map_err(|error| refused(error.to_string()))?;
                let url = if is_folder {
                    Url::from_directory_path(&absolute)
                } else {
                    Url::from_file_path(&absolute)
                };
                url.map_err(|()| refused("its path is not absolute".to_owned()))?
            }
            Place::Stored(object) => object.url(is_folder),
        };
        ListingTableUrl::try_new(url, None).map_err(|error| refused(error.to_string()))
    }
}

impl Object {
    fn url(&self, is_folder: bool) -> Url {
        let mut url = store_url(self.store);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear();
            segments.extend(self.path.parts().map(|part| part.as_ref().to_owned()));
            if is_folder {
                segments.push("");
            }
        }
        url
    }
}

/// The address that the engine knows a store by: its number. The operator's address would not do, since the engine drops what stands
/// before an `@`, which tells the containers of an Azure account apart.
pub(crate) fn store_url(store: usize) -> Url {
    Url::parse(&format!("store://{store}.store/")).expect("it is a URL, whatever the number")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Local(path) => path.display().fmt(f),
            Place::Stored(object) => write!(f, "{}/{}", object.base, object.path),
        }
    }
}
