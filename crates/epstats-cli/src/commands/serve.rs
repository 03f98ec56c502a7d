//! `epstats serve`: the REST service, until it is told to stop.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use epstats_api::{
    ReadSettings, ServerSettings, has_sources, print_settings, read_server_settings,
};
use epstats_server::{ApiKeys, NameTaken, NamedSources, ServeError, Service, TelemetryError};
use epstats_source_folder::{FolderFiles, FolderSource};
use epstats_sources::variable;

use crate::args::Serve;
use crate::failure::{CommandError, Exit};
use crate::sources;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Serve, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let config = Config::read(arguments.config.as_deref())?;
    let read = config.settings(arguments)?;
    if arguments.print_config {
        terminal.print(&print_settings(&read));
        return Ok(Exit::Fine);
    }
    let settings = read.settings.unwrap_or_default();
    let sources = sources_of(arguments, &config)?;
    check_default(&settings, &sources)?;
    let keys = keys(&settings)?;
    epstats_server::use_tls();
    let _telemetry = epstats_server::telemetry(&settings).map_err(|error| wrong_setting(&error))?;
    // Connections are files to the system, which allows few unless asked; without more it still works.
    let _limit = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = sources::runtime_of(settings.web_workers)?;
    runtime
        .block_on(serve(settings, sources, keys))
        .map_err(|error| cannot_serve(&error))?;
    Ok(Exit::Fine)
}

async fn serve(
    settings: ServerSettings,
    sources: NamedSources,
    keys: ApiKeys,
) -> Result<(), ServeError> {
    let listening = epstats_server::listen(&settings, &keys).await?;
    let names: Vec<&str> = sources.names().collect();
    tracing::info!(
        url = listening.url(),
        sources = names.join(" "),
        keys = if keys.is_empty() { "none" } else { "needed" },
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    let service = Service::new(settings, sources, keys)?;
    epstats_server::serve(service, listening, told_to_stop()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for what a terminal or an operator sends to end a process.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _interrupted = tokio::signal::ctrl_c().await;
}

/// The configuration file, if there is one.
struct Config {
    path: Option<PathBuf>,
    text: Option<String>,
}

impl Config {
    /// The named file, that of `EPSTATS_CONFIG`, or `epstats.yaml` of this folder if it is there.
    fn read(named: Option<&Path>) -> Result<Self, CommandError> {
        let named = named.map(Path::to_owned);
        let named = named.or_else(|| env::var_os("EPSTATS_CONFIG").map(PathBuf::from));
        let default = || Some(PathBuf::from(sources::DEFAULT_CONFIG)).filter(|path| path.is_file());
        let path = named.or_else(default);
        let text = match &path {
            None => None,
            Some(path) => Some(
                fs::read_to_string(path).map_err(|error| CommandError::unreadable(path, &error))?,
            ),
        };
        Ok(Config { path, text })
    }

    fn settings(&self, arguments: &Serve) -> Result<ReadSettings, CommandError> {
        let read = read_server_settings(self.text.as_deref(), &arguments.settings.0, &variable);
        if read.settings.is_none() {
            return Err(CommandError::Definition {
                document: self.name(),
                problems: read.diagnostics,
            });
        }
        Ok(read)
    }

    fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "the settings".to_owned(),
        }
    }
}

/// The sources of the configuration, of a folder, and the test data.
fn sources_of(arguments: &Serve, config: &Config) -> Result<NamedSources, CommandError> {
    let mut named = NamedSources::default();
    let mut is_any_given = arguments.data.is_some() || arguments.test_data;
    if let (Some(path), Some(text)) = (&config.path, &config.text)
        && has_sources(text)
    {
        is_any_given = true;
        for source in sources::all(path, text)? {
            named = named.with(Arc::new(source)).map_err(name_taken)?;
        }
    }
    let mut folders = Vec::new();
    if let Some(folder) = &arguments.data {
        folders = FolderSource::open_all(folder)?;
    }
    if arguments.test_data {
        folders.extend(test_data()?);
    }
    // Whoever names a folder wants it asked where a request names nothing.
    let first = folders
        .first()
        .map(|source| epstats_source::Source::name(source).to_owned());
    for source in folders {
        named = named.with(Arc::new(source)).map_err(name_taken)?;
    }
    // Whoever writes `sources: {}` means it.
    if !is_any_given {
        return Err(CommandError::usage(
            "no-source",
            "there is no source to serve",
            Some("define some in `epstats.yaml`, or give `--data DIR` or `--test-data`"),
        ));
    }
    Ok(named.with_default(first))
}

/// A folder and the test data are called after their layouts, whatever else has such a name.
fn name_taken(error: NameTaken) -> CommandError {
    let help = "give either `--data DIR` or `--test-data`, and call sources of the configuration otherwise";
    CommandError::usage("duplicate-source", error.to_string(), Some(help))
}

/// A default that is not there would fail every request that names no source.
fn check_default(settings: &ServerSettings, sources: &NamedSources) -> Result<(), CommandError> {
    let names: Vec<&str> = sources.names().collect();
    match &settings.default_source {
        Some(name) if !names.contains(&name.as_str()) => Err(CommandError::usage(
            "unknown-source",
            format!("there is no source `{name}` to be the default"),
            Some(&format!("there are: {}", names.join(", "))),
        )),
        _ => Ok(()),
    }
}

fn test_data() -> Result<Vec<FolderSource>, CommandError> {
    let data = epstats_demo::test_data();
    Ok(FolderSource::all_from_csv(FolderFiles {
        goals_agg: Some(data.goals_agg.as_bytes()),
        goals_by_unit: Some(data.goals_by_unit.as_bytes()),
    })?)
}

fn keys(settings: &ServerSettings) -> Result<ApiKeys, CommandError> {
    let mut lines = settings.api_keys.clone();
    if let Some(path) = &settings.api_keys_file {
        let text =
            fs::read_to_string(path).map_err(|error| CommandError::unreadable(path, &error))?;
        lines.extend(text.lines().map(str::to_owned));
    }
    ApiKeys::of_lines(lines.iter().map(String::as_str)).map_err(|error| {
        CommandError::usage(
            "invalid-api-key",
            error.to_string(),
            Some("`epstats api-key NAME` prints such a line"),
        )
    })
}

fn wrong_setting(error: &TelemetryError) -> CommandError {
    CommandError::usage("wrong-setting", error.to_string(), None)
}

fn cannot_serve(error: &ServeError) -> CommandError {
    CommandError::File {
        code: error.code(),
        message: error.to_string(),
        help: error.help().map(str::to_owned),
        exit: match error {
            ServeError::Open { .. } | ServeError::Tls { .. } => Exit::WrongInput,
            ServeError::Listen { .. } | ServeError::Ended(_) => Exit::SourceFailed,
        },
    }
}
