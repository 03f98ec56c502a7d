//! The source of an evaluation: a named one of a configuration, or files given by flags.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use epstats::experiment::{Diagnostic, Experiment, Severity};
use epstats::plan::for_experiment;
use epstats_api::{Engine, SourceDefinition, Sources, read_sources, source_from_fields};
use epstats_source::sql;
use epstats_source_datafusion::{FileFormat, FileTable, FilesSource, ProgressReport, Settings};
use tokio::runtime::Runtime;

use crate::args::{FileFormatName, LayoutName, SourceOptions};
use crate::failure::CommandError;

/// Read where `--config` names no other file.
pub(crate) const DEFAULT_CONFIG: &str = "epstats.yaml";

/// Opens the source that the command line names.
pub(crate) fn open(
    options: &SourceOptions,
    experiment: &Experiment,
) -> Result<FilesSource, CommandError> {
    let (definition, folder) = match named(options)? {
        Some(found) => found,
        None => (given(options, experiment)?, PathBuf::new()),
    };
    let bounds = bounds(options)?;
    let written = of_definition(definition, &folder);
    let defined = written.settings().clone();
    Ok(written.with_settings(Settings {
        memory_limit: bounds.memory_limit.or(defined.memory_limit),
        spill_folder: options.spill_folder.clone().or(defined.spill_folder),
        spill_limit: bounds.spill_limit,
        threads: options.threads.map(usize::from),
        time_limit: bounds.timeout.or(defined.time_limit),
        store: defined.store,
    }))
}

/// Every source of a configuration, whose paths start in its folder.
pub(crate) fn all(path: &Path, text: &str) -> Result<Vec<FilesSource>, CommandError> {
    let sources = understand(path, text)?;
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let definitions = sources.sources.into_values();
    Ok(definitions
        .map(|definition| of_definition(definition, &folder))
        .collect())
}

/// The source that a definition describes, within its own bounds.
fn of_definition(definition: SourceDefinition, folder: &Path) -> FilesSource {
    let settings = Settings {
        memory_limit: definition.memory_limit,
        spill_folder: definition.spill_folder.map(|written| folder.join(written)),
        time_limit: definition.timeout,
        ..Settings::default()
    };
    let Engine::Files { tables } = definition.engine;
    let tables = tables
        .into_iter()
        .map(|(name, table)| (name, below(folder, table)))
        .collect::<BTreeMap<_, _>>();
    FilesSource::new(definition.name, definition.layout, tables).with_settings(settings)
}

/// The statements that an evaluation would run.
pub(crate) fn statements(
    source: &FilesSource,
    experiment: &Experiment,
) -> Result<Vec<String>, CommandError> {
    let plan = for_experiment(experiment);
    Ok(runtime()?.block_on(sql::statements(source, &plan, None))?)
}

/// What futures of the engine run on.
pub(crate) fn runtime() -> Result<Runtime, CommandError> {
    runtime_of(None)
}

/// The same with so many threads; one per core unless told.
pub(crate) fn runtime_of(threads: Option<usize>) -> Result<Runtime, CommandError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads);
    }
    builder
        .enable_all()
        .build()
        .map_err(|error| CommandError::File {
            code: "source-failed",
            message: format!("threads cannot be started: {error}"),
            help: None,
            exit: crate::Exit::SourceFailed,
        })
}

/// A source with progress reported, where a report is given.
pub(crate) fn watched(source: FilesSource, report: Option<ProgressReport>) -> FilesSource {
    match report {
        Some(report) => source.with_progress(report),
        None => source,
    }
}

/// The source of the configuration that `--source` names, and the folder its paths start in.
fn named(options: &SourceOptions) -> Result<Option<(SourceDefinition, PathBuf)>, CommandError> {
    let [name] = options.source.as_slice() else {
        return Ok(None);
    };
    let path = match &options.config {
        Some(path) => path.clone(),
        None if Path::new(DEFAULT_CONFIG).is_file() => PathBuf::from(DEFAULT_CONFIG),
        None => return Ok(None),
    };
    let mut sources = read(&path)?;
    if let Some(source) = sources.sources.remove(name) {
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        return Ok(Some((source, folder)));
    }
    let means_files = options.config.is_none() || options.layout.is_some();
    if means_files {
        return Ok(None);
    }
    let known: Vec<&str> = sources.sources.keys().map(String::as_str).collect();
    Err(CommandError::usage(
        "unknown-source",
        format!("`{}` defines no source `{name}`", path.display()),
        Some(&format!("it defines: {}", known.join(", "))),
    ))
}

fn read(path: &Path) -> Result<Sources, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::unreadable(path, &error))?;
    understand(path, &text)
}

fn understand(path: &Path, text: &str) -> Result<Sources, CommandError> {
    let sources = read_sources(text, &|name| env::var(name).ok());
    fail_on_errors(&sources.diagnostics, &path.display().to_string())?;
    Ok(sources)
}

/// The source that flags describe. Flags are fields of a definition, so the same rules and messages hold.
fn given(
    options: &SourceOptions,
    experiment: &Experiment,
) -> Result<SourceDefinition, CommandError> {
    let layout = layout(options)?;
    let mut fields = Fields::default();
    fields.set("layout", layout_name(layout));
    let tables: &[&str] = match layout {
        LayoutName::Events => {
            let events = [options.source.as_slice(), options.events.as_slice()].concat();
            need("--exposures", &options.exposures)?;
            need("--events", &events)?;
            fields.list("exposures.path", &options.exposures);
            fields.list("events.path", &events);
            let unit_type = options.unit_type.as_ref().unwrap_or(&experiment.unit_type);
            fields.set("unit_type", unit_type);
            fields.set_some("attribution.window", options.window.as_ref());
            fields.set_some("time_zone", options.time_zone.as_ref());
            &["exposures", "events"]
        }
        _ => {
            need("--source", &options.source)?;
            fields.list("table.path", &options.source);
            &["table"]
        }
    };
    for mapping in &options.mapping {
        let (field, column) = mapping.split_once('=').ok_or_else(|| {
            CommandError::usage(
                "wrong-mapping",
                format!("`--map {mapping}` is not FIELD=COLUMN"),
                Some("such as `--map exposures.unit_id=user_id`"),
            )
        })?;
        let table = if field.contains('.') || tables.len() > 1 {
            field.to_owned()
        } else {
            format!("table.{field}")
        };
        fields.set(&table, column);
    }
    if let Some(format) = options.file_format {
        for table in tables {
            fields.set(&format!("{table}.format"), format_name(format));
        }
    }
    fields.read()
}

fn layout(options: &SourceOptions) -> Result<LayoutName, CommandError> {
    if let Some(layout) = options.layout {
        return Ok(layout);
    }
    if !options.exposures.is_empty() || !options.events.is_empty() {
        return Ok(LayoutName::Events);
    }
    if options.source.is_empty() {
        return Err(CommandError::usage(
            "no-source",
            "there is no source to read",
            Some(
                "name one: `--config epstats.yaml --source NAME`, or files: `--exposures … --events …`",
            ),
        ));
    }
    Err(CommandError::usage(
        "no-layout",
        format!(
            "it is not known what a row of `{}` is",
            options.source.join(" ")
        ),
        Some("say so with `--layout`: events, goals, unit-goals, agg-goals or wide"),
    ))
}

fn need(flag: &str, values: &[String]) -> Result<(), CommandError> {
    if values.is_empty() {
        return Err(CommandError::usage(
            "no-source",
            format!("the layout needs `{flag}`"),
            None,
        ));
    }
    Ok(())
}

/// The bounds that flags give; they hold for named sources, too.
struct Bounds {
    memory_limit: Option<u64>,
    spill_limit: Option<u64>,
    timeout: Option<std::time::Duration>,
}

fn bounds(options: &SourceOptions) -> Result<Bounds, CommandError> {
    let bounded = |memory: Option<&String>| {
        let mut fields = Fields::default();
        fields.set("layout", "wide");
        fields.set("table.path", "none");
        fields.set_some("memory_limit", memory);
        fields.set_some("timeout", options.timeout.as_ref());
        fields.read()
    };
    let source = bounded(options.memory.as_ref())?;
    Ok(Bounds {
        memory_limit: source.memory_limit,
        spill_limit: bounded(options.spill_limit.as_ref())?.memory_limit,
        timeout: source.timeout,
    })
}

/// Fields of a source definition, from flags.
#[derive(Default)]
struct Fields(Vec<(String, Vec<String>)>);

impl Fields {
    fn set(&mut self, field: &str, value: &str) {
        self.list(field, &[value.to_owned()]);
    }

    fn set_some(&mut self, field: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.set(field, value);
        }
    }

    /// Sets a field; the last value counts.
    fn list(&mut self, field: &str, values: &[String]) {
        self.0.retain(|(name, _)| name != field);
        self.0.push((field.to_owned(), values.to_vec()));
    }

    fn read(&self) -> Result<SourceDefinition, CommandError> {
        let fields: Vec<(&str, Vec<String>)> = self
            .0
            .iter()
            .map(|(name, values)| (name.as_str(), values.clone()))
            .collect();
        let (source, problems) = source_from_fields("files", &fields);
        fail_on_errors(&problems, "the command line")?;
        source.ok_or_else(|| CommandError::usage("no-source", "the flags describe no source", None))
    }
}

fn fail_on_errors(problems: &[Diagnostic], document: &str) -> Result<(), CommandError> {
    if problems
        .iter()
        .all(|problem| problem.severity == Severity::Warning)
    {
        return Ok(());
    }
    Err(CommandError::Definition {
        document: document.to_owned(),
        problems: problems.to_vec(),
    })
}

/// Paths of a configuration start in its folder.
fn below(folder: &Path, table: epstats_api::FileTable) -> FileTable {
    let table = FileTable {
        paths: table.paths,
        format: table.format.map(|format| match format {
            epstats_api::FileFormat::Parquet => FileFormat::Parquet,
            epstats_api::FileFormat::Csv => FileFormat::Csv,
            epstats_api::FileFormat::Json => FileFormat::Json,
        }),
    };
    table.below(folder)
}

fn layout_name(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Events => "events",
        LayoutName::Goals => "goals",
        LayoutName::UnitGoals => "unit-goals",
        LayoutName::AggGoals => "agg-goals",
        LayoutName::Wide => "wide",
    }
}

fn format_name(format: FileFormatName) -> &'static str {
    match format {
        FileFormatName::Parquet => "parquet",
        FileFormatName::Csv => "csv",
        FileFormatName::Json => "json",
    }
}
