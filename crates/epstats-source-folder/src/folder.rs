//! The folder as a source.

use std::collections::BTreeMap;
use std::path::Path;

use epstats_plan::Plan;
use epstats_source::memory::{Cell, MemorySource, Table};
use epstats_source::{Fetch, Refusal, Source, SourceError};

use crate::place::Place;
use crate::rows::Rows;
use crate::shape::Shape;

/// One of the two files of a folder as a source: sums by variant (layout `agg-goals`) or by unit (`unit-goals`).
///
/// ```
/// use epstats_plan::{experiment::Experiment, for_experiment};
/// use epstats_source::Source;
/// use epstats_source_folder::{FolderFiles, FolderSource};
///
/// let goals_agg = "\
/// exp_id,exp_variant_id,unit_type,agg_type,goal,country,count,sum_sqr_count,sum_value,sum_sqr_value,count_unique
/// checkout,control,user,global,exposure,CZ,1000,1000,0,0,1000
/// checkout,express,user,global,exposure,CZ,1012,1012,0,0,1012
/// ";
/// let files = FolderFiles { goals_agg: Some(goals_agg.as_bytes()), ..FolderFiles::default() };
/// let source = FolderSource::from_csv("mine", files)?;
/// assert!(source.experiments().eq(["checkout"]));
///
/// let plan = for_experiment(&Experiment::new("checkout", "control", "user"));
/// let statistics = futures::executor::block_on(source.fetch(&plan))?;
/// assert_eq!(statistics.sums.variants(), ["control", "express"]);
/// # Ok::<(), epstats_source::SourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FolderSource {
    name: String,
    experiments: BTreeMap<String, MemorySource>,
    /// Answers for experiments that the file does not have: no rows, and the same columns.
    unknown: MemorySource,
}

/// The files of a folder as they are, for those who hold them in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FolderFiles<'b> {
    /// `goals_agg.csv`, if there is one.
    pub goals_agg: Option<&'b [u8]>,
    /// `goals_by_unit.csv`, if there is one.
    pub goals_by_unit: Option<&'b [u8]>,
}

impl FolderSource {
    /// Reads `goals_agg.csv` of a folder or, where there is none, `goals_by_unit.csv`.
    ///
    /// # Errors
    ///
    /// With the place in the message. The kinds are those of [`FailureKind`](epstats_source::FailureKind):
    ///
    /// - `NotFound`: there is no such folder;
    /// - `NoFiles`: it has neither file;
    /// - `Denied`: it may not be read;
    /// - `MissingColumn`: the first line lacks a column;
    /// - `WrongType`: a sum is no number, or a date no day;
    /// - `BadValues`: a sum is NaN or infinite;
    /// - `Corrupt`: the file is empty, is not UTF-8, has two columns of one name, or a row of another length than its
    ///   first line.
    pub fn open(name: &str, folder: &Path) -> Result<FolderSource, SourceError> {
        first(name, Place::Folder(folder))
    }

    /// Reads both files of a folder, or the one that is there, as the sources `agg-goals` and `unit-goals`, in this
    /// order.
    ///
    /// # Errors
    ///
    /// As [`FolderSource::open`], for either file.
    pub fn open_all(folder: &Path) -> Result<Vec<FolderSource>, SourceError> {
        all(Place::Folder(folder))
    }

    /// [`FolderSource::open`] for files in memory.
    ///
    /// # Errors
    ///
    /// As [`FolderSource::open`].
    pub fn from_csv(name: &str, files: FolderFiles<'_>) -> Result<FolderSource, SourceError> {
        first(name, Place::Memory(files))
    }

    /// [`FolderSource::open_all`] for files in memory.
    ///
    /// # Errors
    ///
    /// As [`FolderSource::open`], for either file.
    pub fn all_from_csv(files: FolderFiles<'_>) -> Result<Vec<FolderSource>, SourceError> {
        all(Place::Memory(files))
    }

    /// The ids of the experiments that it has rows of, sorted.
    pub fn experiments(&self) -> impl Iterator<Item = &str> {
        self.experiments.keys().map(String::as_str)
    }

    fn new(name: &str, shape: Shape, rows: Rows) -> FolderSource {
        let Rows {
            layout,
            columns,
            by_experiment,
        } = rows;
        let source = |rows: Vec<Vec<Cell>>| {
            let table = Table {
                columns: columns.clone(),
                rows,
            };
            MemorySource::new(
                name,
                layout.clone(),
                BTreeMap::from([(shape.file_name().to_owned(), table)]),
            )
        };
        FolderSource {
            name: name.to_owned(),
            unknown: source(Vec::new()),
            experiments: by_experiment
                .into_iter()
                .map(|(experiment, rows)| (experiment, source(rows)))
                .collect(),
        }
    }
}

impl Source for FolderSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        self.experiments
            .get(&plan.experiment)
            .unwrap_or(&self.unknown)
            .fetch(plan)
    }
}

/// The first of the two files that is there.
fn first(name: &str, place: Place<'_>) -> Result<FolderSource, SourceError> {
    let first = || {
        place.check()?;
        for shape in Shape::ALL {
            if let Some(rows) = rows(place, shape)? {
                return Ok(FolderSource::new(name, shape, rows));
            }
        }
        Err(place.no_files())
    };
    first().map_err(|refusal: Refusal| refusal.of(name))
}

/// Both files, each as the source of its own name.
fn all(place: Place<'_>) -> Result<Vec<FolderSource>, SourceError> {
    let of_the_place = |refusal: Refusal| refusal.of(Shape::ALL[0].source_name());
    place.check().map_err(of_the_place)?;
    let mut sources = Vec::new();
    for shape in Shape::ALL {
        let name = shape.source_name();
        let rows = rows(place, shape).map_err(|refusal| refusal.of(name))?;
        sources.extend(rows.map(|rows| FolderSource::new(name, shape, rows)));
    }
    if sources.is_empty() {
        return Err(of_the_place(place.no_files()));
    }
    Ok(sources)
}

fn rows(place: Place<'_>, shape: Shape) -> Result<Option<Rows>, Refusal> {
    match place.read(shape)? {
        Some(bytes) => Rows::read(shape, &place.called(shape), &bytes).map(Some),
        None => Ok(None),
    }
}
