//! A service of its own for a test, on a free port of loopback.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running service; killed when dropped.
pub(super) struct Served {
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    /// Where it listens.
    pub(super) url: String,
}

/// Starts `epstats serve` with flags and variables, and waits until it takes connections.
pub(super) fn serve(flags: &[&str], variables: &[(&str, &str)]) -> Served {
    let mut process = command()
        .args(["serve", "--port", "0", "--log-format", "json"])
        .args(flags)
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let stderr = process.stderr.take().unwrap();
    let reader = std::thread::spawn({
        let lines = Arc::clone(&lines);
        move || read_lines(stderr, &lines)
    });
    let mut served = Served {
        process,
        lines,
        reader: Some(reader),
        url: String::new(),
    };
    served.url = served.wait_for_line("serving", |line| line["url"].as_str().map(str::to_owned));
    served
}

/// The command, which is built with the workspace.
pub(super) fn command() -> Command {
    let test = std::env::current_exe().unwrap();
    let binary: PathBuf = test.ancestors().nth(2).unwrap().join("epstats");
    assert!(
        binary.is_file(),
        "`{}` is built with the workspace",
        binary.display()
    );
    Command::new(binary)
}

fn read_lines(stderr: ChildStderr, lines: &Mutex<Vec<String>>) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        lines.lock().unwrap().push(line);
    }
}

impl Served {
    /// Lines of the log so far, each an object.
    pub(super) fn log(&self) -> Vec<Value> {
        let lines = self.lines.lock().unwrap();
        lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    /// What `find` finds in the first line of the log with that message, waiting at most twenty seconds for it.
    pub(super) fn wait_for_line<T>(
        &mut self,
        message: &str,
        find: impl Fn(&Value) -> Option<T>,
    ) -> T {
        let begin = Instant::now();
        loop {
            let found = self
                .log()
                .iter()
                .filter(|line| line["message"] == message)
                .find_map(&find);
            if let Some(found) = found {
                return found;
            }
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none() && begin.elapsed() < Duration::from_secs(20),
                "no line `{message}`: {:?}",
                self.lines.lock().unwrap()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Tells it to stop, as an operator does.
    pub(super) fn terminate(&self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub(super) fn wait(&mut self) -> ExitStatus {
        let status = self.process.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _is_gone = self.process.kill();
        let _is_gone = self.process.wait();
    }
}

/// A client for all requests of a test.
pub(super) fn client() -> reqwest::Client {
    epstats_server::use_tls();
    reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}
