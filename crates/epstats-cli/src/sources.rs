//! The source of an evaluation: a named one of a configuration, or files given by flags.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use epstats::experiment::{Diagnostic, Experiment, Severity};
use epstats::plan::{Dialect, for_experiment};
use epstats_api::{Engine, SourceDefinition, Sources, read_sources, source_from_fields};
use epstats_source::sql::{self, SqlSource};
use epstats_sources::{AnySource, Bounds, ProgressReport, variable};
use tokio::runtime::Runtime;

use crate::args::{FileFormatName, LayoutName, SourceOptions};
use crate::failure::CommandError;

/// Read where `--config` names no other file.
pub(crate) const DEFAULT_CONFIG: &str = "epstats.yaml";

/// Opens the source that the command line names.
pub(crate) fn open(
    options: &SourceOptions,
    experiment: &Experiment,
) -> Result<AnySource, CommandError> {
    let (definition, folder) = definition(options, Some(&experiment.unit_type))?;
    Ok(epstats_sources::open(
        definition,
        &folder,
        &bounds(options)?,
    )?)
}

/// The definition of the source that the command line names, and the folder its paths start in.
///
/// `unit_type` is that of the experiment, if there is one.
pub(crate) fn definition(
    options: &SourceOptions,
    unit_type: Option<&str>,
) -> Result<(SourceDefinition, PathBuf), CommandError> {
    match named(options)? {
        Some(found) => Ok(found),
        None => Ok((given(options, unit_type)?, PathBuf::new())),
    }
}

/// Every source of a configuration, whose paths start in its folder.
pub(crate) fn all(path: &Path, text: &str) -> Result<Vec<AnySource>, CommandError> {
    let sources = understand(path, text)?;
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let definitions = sources.sources.into_values();
    definitions
        .map(|definition| {
            Ok(epstats_sources::open(
                definition,
                &folder,
                &Bounds::default(),
            )?)
        })
        .collect()
}

/// The statements that an evaluation would run, in the dialect of the source or in another.
pub(crate) fn statements(
    source: &AnySource,
    experiment: &Experiment,
    dialect: Option<Dialect>,
) -> Result<Vec<String>, CommandError> {
    let plan = for_experiment(experiment);
    Ok(answer(source, sql::statements(source, &plan, dialect))??)
}

/// Waits for what is asked of a source. Ctrl-C ends it, on the server of the source too.
pub(crate) fn answer<T>(
    source: &dyn SqlSource,
    asked: impl Future<Output = T>,
) -> Result<T, CommandError> {
    let runtime = runtime_of(None)?;
    let answer = runtime.block_on(async {
        tokio::select! {
            biased;
            answer = asked => Some(answer),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    if answer.is_none() {
        // What was asked is dropped now, which only begins to end it.
        let farewell = async { tokio::time::timeout(FAREWELL, source.idle()).await };
        let _or_not = runtime.block_on(farewell);
    }
    // What the embedded engine has on its threads ends at its next step; nobody waits for it.
    runtime.shutdown_background();
    answer.ok_or(CommandError::Interrupted)
}

/// Longest wait for a server to end what nobody waits for any more.
const FAREWELL: Duration = Duration::from_secs(1);

/// What futures of the engine run on: so many threads, one per core unless told.
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
pub(crate) fn watched(source: AnySource, report: Option<ProgressReport>) -> AnySource {
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
    let sources = read_sources(text, &variable);
    fail_on_errors(&sources.diagnostics, &path.display().to_string())?;
    Ok(sources)
}

/// The source that flags describe. Flags are fields of a definition, so the same rules and messages hold.
fn given(
    options: &SourceOptions,
    unit_type: Option<&str>,
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
            let unit_type = options.unit_type.as_deref().or(unit_type);
            fields.set("unit_type", unit_type.unwrap_or("user"));
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
pub(crate) fn bounds(options: &SourceOptions) -> Result<Bounds, CommandError> {
    let bounded = |memory: Option<&String>| {
        let mut fields = Fields::default();
        fields.set("layout", "wide");
        fields.set("table.path", "none");
        fields.set_some("memory_limit", memory);
        fields.set_some("timeout", options.timeout.as_ref());
        let source = fields.read()?;
        let memory = match source.engine {
            Engine::Files { memory_limit, .. } => memory_limit,
            _ => None,
        };
        Ok::<_, CommandError>((memory, source.timeout))
    };
    let (memory_limit, time_limit) = bounded(options.memory.as_ref())?;
    let (spill_limit, _) = bounded(options.spill_limit.as_ref())?;
    Ok(Bounds {
        memory_limit,
        spill_folder: options.spill_folder.clone(),
        spill_limit,
        threads: options.threads.map(usize::from),
        time_limit,
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
        let (source, problems) = source_from_fields("files", &fields, None);
        fail_on_errors(&problems, "the command line")?;
        source.ok_or_else(|| CommandError::usage("no-source", "the flags describe no source", None))
    }
}

pub(crate) fn fail_on_errors(problems: &[Diagnostic], document: &str) -> Result<(), CommandError> {
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
