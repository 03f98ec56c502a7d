//! A store whose objects stay as they were when they were found, or reading them fails.

use std::collections::HashMap; // tidy: unordered, never iterated
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// A store for the time of one evaluation.
///
/// It remembers what it was told of an object first. What is asked again is answered from there, without a request. What is read is
/// read only if the object still has the mark (`ETag`) that it had then: an evaluation reads a file several times and in parts, and parts
/// of two files are no file.
#[derive(Debug)]
pub(crate) struct Unchanged {
    store: Arc<dyn ObjectStore>,
    found: Arc<Mutex<HashMap<Path, ObjectMeta>>>,
}

impl Unchanged {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Unchanged {
        Unchanged {
            store,
            found: Arc::default(),
        }
    }

    fn known(&self, path: &Path) -> Option<ObjectMeta> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(path).cloned()
    }

    fn remember(&self, object: &ObjectMeta) {
        remember(&self.found, object);
    }
}

fn remember(found: &Mutex<HashMap<Path, ObjectMeta>>, object: &ObjectMeta) {
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    found
        .entry(object.location.clone())
        .or_insert_with(|| object.clone());
}

/// The mark of an object as it may be demanded: in quotes, which lists of Azure leave out. Weak marks equal nothing (RFC 9110, section 13.1.1).
fn strong_mark(object: &ObjectMeta) -> Option<String> {
    let mark = object.e_tag.as_deref()?;
    if mark.is_empty() || mark.starts_with("W/") {
        return None;
    }
    Some(format!("\"{}\"", mark.trim_matches('"')))
}

#[async_trait]
impl ObjectStore for Unchanged {
    async fn get_opts(&self, path: &Path, mut options: GetOptions) -> Result<GetResult> {
        let known = self.known(path);
        if let (true, Some(object)) = (options.head, &known) {
            return Ok(answer_head(object.clone()));
        }
        if options.if_match.is_none() {
            options.if_match = known.as_ref().and_then(strong_mark);
        }
        let answer = self.store.get_opts(path, options).await?;
        self.remember(&answer.meta);
        Ok(answer)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let found = Arc::clone(&self.found);
        let objects = self.store.list(prefix).inspect(move |object| {
            if let Ok(object) = object {
                remember(&found, object);
            }
        });
        objects.boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let list = self.store.list_with_delimiter(prefix).await?;
        for object in &list.objects {
            self.remember(object);
        }
        Ok(list)
    }

    // Nothing is ever written.

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(read_only())
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Err(read_only())
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        futures::stream::once(async { Err(read_only()) }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(read_only())
    }
}

fn answer_head(object: ObjectMeta) -> GetResult {
    let range: Range<u64> = 0..object.size;
    GetResult {
        payload: GetResultPayload::Stream(futures::stream::empty().boxed()),
        meta: object,
        range,
        attributes: Attributes::default(),
    }
}

fn read_only() -> object_store::Error {
    object_store::Error::NotSupported {
        source: "stores are only read".into(),
    }
}

impl fmt::Display for Unchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unchanged({})", self.store)
    }
}
