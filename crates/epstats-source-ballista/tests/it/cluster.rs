//! Processes of a cluster, and what its scheduler tells about them over HTTP.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longest time that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// A scheduler and its executors. They end when this is dropped, or when the tests end.
pub(crate) struct Cluster {
    port: u16,
    scheduler: Child,
    executors: Vec<Child>,
    folder: TempDir,
}

impl Cluster {
    /// Starts so many executors, which pause so long before each task, and waits until they have registered.
    pub(crate) fn start(executors: usize, pause: Duration) -> Self {
        let port = free_port();
        let folder = tempfile::tempdir().unwrap();
        let mut cluster = Cluster {
            port,
            scheduler: process(&["scheduler".to_owned(), port.to_string()]),
            executors: Vec::new(),
            folder,
        };
        wait("the scheduler", || {
            cluster.request("GET", "/healthz").is_some()
        });
        for index in 0..executors {
            std::fs::create_dir(cluster.work_folder(index)).unwrap();
            cluster.executors.push(process(&[
                "executor".to_owned(),
                port.to_string(),
                free_port().to_string(),
                free_port().to_string(),
                cluster.work_folder(index).display().to_string(),
                pause.as_millis().to_string(),
            ]));
        }
        let ready = format!("ready: {executors} executors");
        wait("the executors", || {
            executors == 0 || cluster.get("/readyz").contains(&ready)
        });
        cluster
    }

    /// The address of the scheduler.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// `kill -9`.
    pub(crate) fn kill_executor(&mut self, index: usize) {
        end(&mut self.executors[index]);
    }

    /// `kill -9`.
    pub(crate) fn kill_scheduler(&mut self) {
        end(&mut self.scheduler);
    }

    /// Where an executor keeps what its tasks hand on.
    pub(crate) fn work_folder(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("executor-{index}"))
    }

    /// Files that the tasks of an executor have written and that are still there.
    pub(crate) fn written_files(&self, index: usize) -> usize {
        fn count(folder: PathBuf) -> usize {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .map(|entry| match entry.path() {
                    path if path.is_dir() => count(path),
                    _ => 1,
                })
                .sum()
        }
        count(self.work_folder(index))
    }

    /// Every job that the scheduler knows: its word for where it is, and what it says besides.
    pub(crate) fn jobs(&self) -> Vec<(String, String)> {
        let jobs = self.get("/api/jobs");
        let of = |job: &str, name: &str| {
            let (_, rest) = job.split_once(&format!("\"{name}\":\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        jobs.split("{\"job_id\"")
            .skip(1)
            .map(|job| (of(job, "status"), of(job, "job_status")))
            .collect()
    }

    /// Waits until the scheduler tells jobs that look as wanted.
    pub(crate) fn wait_for_jobs(&self, wanted: impl Fn(&[(String, String)]) -> bool) {
        wait("the jobs", || wanted(&self.jobs()));
    }

    /// Waits until a job runs.
    pub(crate) fn wait_until_running(&self) {
        self.wait_for_jobs(|jobs| jobs.iter().any(|(status, _)| status == "Running"));
    }

    /// Ends all jobs, as somebody who looks after the cluster may.
    pub(crate) fn cancel_all(&self) {
        let jobs = self.get("/api/jobs");
        for job in jobs.split("{\"job_id\":\"").skip(1) {
            let name = job.split('"').next().unwrap();
            self.request("PATCH", &format!("/api/job/{name}")).unwrap();
        }
    }

    fn get(&self, path: &str) -> String {
        self.request("GET", path).unwrap()
    }

    fn request(&self, method: &str, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        let request = format!("{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for process in self.executors.iter_mut().chain([&mut self.scheduler]) {
            end(process);
        }
    }
}

/// Waits until something has come true.
pub(crate) fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// The process holds our end of its standard input, and ends with it.
fn process(arguments: &[String]) -> Child {
    let program = std::env::var_os("EPSTATS_TEST_BALLISTA").expect("run `make check-engines`");
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn end(process: &mut Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}
