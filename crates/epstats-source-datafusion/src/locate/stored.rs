//! Finding files in object stores.

use std::sync::Arc;

use epstats_source::{FailureKind, Refusal};
use futures::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use super::{FileFormat, Found, Root, is_pattern, no_data_file, no_match, wrong_pattern};
use crate::place::{Object, Place};
use crate::store::{Address, Stores, Trouble};

impl Found {
    /// Adds an object, a folder with all below it, or whatever a pattern matches.
    pub(super) async fn add_stored(
        &mut self,
        address: &Address,
        stores: &mut Stores<'_>,
    ) -> Result<(), Refusal> {
        let (number, store) = stores.open(address)?;
        let folder = Folder {
            address,
            number,
            store,
        };
        let key = &address.key;
        if !address.is_listable() {
            return self.add_page(&folder).await;
        }
        if is_pattern(key) {
            return self.add_matches(&folder).await;
        }
        if !key.is_empty() && !key.ends_with('/') {
            match folder.store.head(&folder.path(key)?).await {
                Ok(object) => {
                    self.add_object(&folder, &object);
                    return Ok(());
                }
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(folder.refused(error)),
            }
        }
        self.add_stored_folder(&folder).await
    }

    /// Web servers tell no lists: only single files can be read.
    async fn add_page(&mut self, folder: &Folder<'_>) -> Result<(), Refusal> {
        let shown = folder.shown();
        let key = &folder.address.key;
        if is_pattern(key) || key.is_empty() || key.ends_with('/') {
            return Err(Refusal::new(
                FailureKind::NoFiles,
                format!("`{shown}` is no single file, and web servers do not list their files"),
            )
            .help("name each file"));
        }
        let path = ObjectPath::from_url_path(key).map_err(|_| folder.no_such_name())?;
        let object = folder.store.head(&path).await;
        self.add_object(folder, &object.map_err(|error| folder.refused(error))?);
        Ok(())
    }

    fn add_object(&mut self, folder: &Folder<'_>, object: &ObjectMeta) {
        let place = folder.place(&object.location);
        self.add_file(Some(Root::File(place.clone())), place, object.size, &[]);
    }

    async fn add_stored_folder(&mut self, folder: &Folder<'_>) -> Result<(), Refusal> {
        let prefix = folder.path(folder.address.key.trim_end_matches('/'))?;
        let objects = folder.list(&prefix).await?;
        if objects.is_empty() && !folder.address.key.is_empty() {
            return Err(Trouble::Missing.refusal(&folder.shown()));
        }
        let before = self.files.len();
        self.add_below(folder, &prefix, &objects);
        if self.files.len() == before {
            return Err(no_data_file(&folder.shown()));
        }
        Ok(())
    }

    /// Adds the data files of a folder, and the folder as a root.
    fn add_below(&mut self, folder: &Folder<'_>, prefix: &ObjectPath, objects: &[ObjectMeta]) {
        for object in objects {
            let Some(parts) = object.location.prefix_match(prefix) else {
                continue;
            };
            let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
            let Some((name, folders)) = parts.split_last() else {
                continue;
            };
            let hidden = parts.iter().any(|part| part.starts_with(['.', '_']));
            if hidden || FileFormat::of_name(name).is_none() {
                continue;
            }
            let columns = folders.iter().filter_map(|part| part.split_once('='));
            let partitions: Vec<String> = columns.map(|(column, _)| column.to_owned()).collect();
            self.add_file(
                None,
                folder.place(&object.location),
                object.size,
                &partitions,
            );
        }
        self.roots.push(Root::Folder(folder.place(prefix)));
    }

    /// A pattern names objects, or folders with all below them.
    async fn add_matches(&mut self, folder: &Folder<'_>) -> Result<(), Refusal> {
        let key = folder.address.key.trim_end_matches('/');
        let pattern =
            glob::Pattern::new(key).map_err(|error| wrong_pattern(&folder.shown(), &error))?;
        let fixed: Vec<&str> = key
            .split('/')
            .take_while(|part| !is_pattern(part))
            .collect();
        let objects = folder.list(&folder.path(&fixed.join("/"))?).await?;
        let before = self.files.len();
        let mut any = false;
        let mut folders: Vec<(ObjectPath, Vec<ObjectMeta>)> = Vec::new();
        for object in objects {
            match matched(&pattern, &object.location) {
                None => continue,
                Some(path) if path == object.location => self.add_object(folder, &object),
                Some(path) => match folders.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, objects)) => objects.push(object),
                    None => folders.push((path, vec![object])),
                },
            }
            any = true;
        }
        for (prefix, objects) in &folders {
            self.add_below(folder, prefix, objects);
        }
        if !any {
            return Err(no_match(&folder.shown()));
        }
        if self.files.len() == before {
            return Err(no_data_file(&folder.shown()));
        }
        Ok(())
    }
}

/// The shortest beginning of a name that a pattern matches, as far as a slash or the end.
fn matched(pattern: &glob::Pattern, path: &ObjectPath) -> Option<ObjectPath> {
    let options = glob::MatchOptions {
        require_literal_separator: true,
        ..glob::MatchOptions::new()
    };
    let name = path.as_ref();
    let ends = name.match_indices('/').map(|(position, _)| position);
    ends.chain([name.len()])
        .map(|end| &name[..end])
        .find(|beginning| pattern.matches_with(beginning, options))
        .and_then(|beginning| ObjectPath::parse(beginning).ok())
}

/// An address in an opened store.
struct Folder<'a> {
    address: &'a Address,
    number: usize,
    store: Arc<dyn ObjectStore>,
}

impl Folder<'_> {
    fn shown(&self) -> String {
        format!("{}/{}", self.address.base, self.address.key)
    }

    fn path(&self, key: &str) -> Result<ObjectPath, Refusal> {
        ObjectPath::parse(key).map_err(|_| self.no_such_name())
    }

    fn place(&self, path: &ObjectPath) -> Place {
        Place::Stored(Object {
            store: self.number,
            base: self.address.base.clone(),
            path: path.clone(),
        })
    }

    /// Everything whose name begins with the path and a slash, in the order of names.
    async fn list(&self, prefix: &ObjectPath) -> Result<Vec<ObjectMeta>, Refusal> {
        let prefix = (!prefix.as_ref().is_empty()).then_some(prefix);
        let objects: Result<Vec<ObjectMeta>, _> = self.store.list(prefix).try_collect().await;
        let mut objects = objects.map_err(|error| match Trouble::of(&error) {
            // An empty folder is an empty list; only the bucket itself can be missing.
            Some(Trouble::Missing) => Trouble::Missing.refusal(&self.address.base).because(error),
            _ => self.refused(error),
        })?;
        objects.sort_by(|one, other| one.location.cmp(&other.location));
        Ok(objects)
    }

    fn refused(&self, error: object_store::Error) -> Refusal {
        let shown = self.shown();
        match Trouble::of(&error) {
            Some(trouble) => trouble.refusal(&shown).because(error),
            None => Refusal::new(
                FailureKind::Other,
                format!("`{shown}` cannot be read: {error}"),
            )
            .because(error),
        }
    }

    fn no_such_name(&self) -> Refusal {
        Refusal::new(
            FailureKind::NotFound,
            format!("`{}` is no name that an object can have", self.shown()),
        )
        .help("the parts between slashes must not be empty, `.` or `..`")
    }
}
