//! The REST service in this process, over a `Dao` of Python, files or test data.

use std::env;
use std::fs;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use epstats_api::read_server_settings;
use epstats_server::{ApiKeys, NamedSources, ServeError, Service};
use epstats_source_folder::{FolderFiles, FolderSource};
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use tokio::sync::oneshot;

use crate::dao::DaoSources;
use crate::failure;

/// A service that was started; it goes on until it is told to stop.
#[pyclass(frozen, module = "epstats._epstats")]
pub(crate) struct Server {
    /// Where clients connect to.
    #[pyo3(get)]
    url: String,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    ended: Mutex<Receiver<Result<(), ServeError>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How often somebody who waits looks whether Python was interrupted.
const PATIENCE: Duration = Duration::from_millis(100);

#[pymethods]
impl Server {
    /// Opens the socket and serves.
    ///
    /// `settings` are names and texts of settings; what is not among them comes from the environment. Without `dao_factory` the
    /// folder's files are served, and without a folder the test data.
    #[new]
    #[pyo3(signature = (settings, dao_factory = None, folder = None))]
    fn start(
        py: Python<'_>,
        settings: Vec<(String, String)>,
        dao_factory: Option<Py<PyAny>>,
        folder: Option<String>,
    ) -> PyResult<Self> {
        let flags: Vec<(&str, String)> = settings
            .iter()
            .map(|(name, text)| (name.as_str(), text.clone()))
            .collect();
        let read = read_server_settings(None, &flags, &|name| env::var(name).ok());
        let Some(settings) = read.settings else {
            return Err(failure::wrong_definition(py, &read.diagnostics));
        };
        let sources = match dao_factory {
            Some(factory) => {
                let sources = Arc::new(DaoSources::new(factory));
                NamedSources::default()
                    .with_per_request(sources)
                    .map_err(|taken| PyValueError::new_err(taken.to_string()))?
            }
            None => of_files(py, folder)?,
        };
        let mut lines = settings.api_keys.clone();
        if let Some(path) = &settings.api_keys_file {
            lines.extend(fs::read_to_string(path)?.lines().map(str::to_owned));
        }
        let keys = ApiKeys::of_lines(lines.iter().map(String::as_str))
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        epstats_server::use_tls();
        // A second service of the process shares the logs of the first.
        let telemetry = epstats_server::telemetry(&settings).ok();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(settings.web_workers.unwrap_or(2))
            .enable_all()
            .build()?;
        let listening = py
            .detach(|| runtime.block_on(epstats_server::listen(&settings, &keys)))
            .map_err(|error| cannot_serve(&error))?;
        let url = listening.url();
        tracing::info!(url = %url, version = env!("CARGO_PKG_VERSION"), "serving");
        let service = Service::new(settings, sources, keys)?;
        let (stop, stopped) = oneshot::channel();
        let (tell, ended) = channel();
        let thread = std::thread::Builder::new()
            .name("epstats-server".to_owned())
            .spawn(move || {
                let told = async move {
                    let _stopped_or_dropped = stopped.await;
                };
                let answer = runtime.block_on(epstats_server::serve(service, listening, told));
                runtime.shutdown_background();
                drop(telemetry);
                let _nobody_waits = tell.send(answer);
            })?;
        Ok(Server {
            url,
            stop: Mutex::new(Some(stop)),
            ended: Mutex::new(ended),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Waits until the service ends; an interrupt of Python gets through.
    fn wait(&self, py: Python<'_>) -> PyResult<()> {
        loop {
            match py.detach(|| locked(&self.ended).recv_timeout(PATIENCE)) {
                Ok(answer) => return answer.map_err(|error| cannot_serve(&error)),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Stops the service once requests in flight are answered, and waits for that.
    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(stop) = locked(&self.stop).take() {
            let _it_ended_already = stop.send(());
        }
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread {
            py.detach(|| thread.join())
                .map_err(|_| PyRuntimeError::new_err("the service failed; its log tells why"))?;
        }
        Ok(())
    }
}

/// Nothing that is locked here is left half done by a panic.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_files(py: Python<'_>, folder: Option<String>) -> PyResult<NamedSources> {
    let opened = match &folder {
        Some(folder) => FolderSource::open_all(folder.as_ref()),
        None => {
            let data = epstats_demo::test_data();
            FolderSource::all_from_csv(FolderFiles {
                goals_agg: Some(data.goals_agg.as_bytes()),
                goals_by_unit: Some(data.goals_by_unit.as_bytes()),
            })
        }
    };
    let folders = opened.map_err(|error| failure::source_failed(py, &error))?;
    let first = folders
        .first()
        .map(|source| epstats_source::Source::name(source).to_owned());
    let mut named = NamedSources::default();
    for source in folders {
        named = named
            .with(Arc::new(source))
            .map_err(|taken| PyValueError::new_err(taken.to_string()))?;
    }
    Ok(named.with_default(first))
}

fn cannot_serve(error: &ServeError) -> PyErr {
    match error.help() {
        Some(help) => PyOSError::new_err(format!("{error}; {help}")),
        None => PyOSError::new_err(error.to_string()),
    }
}
