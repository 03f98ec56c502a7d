//! The command `epstats` as a process of its own, for tests of what only a process can show.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A process of the command; killed when dropped.
#[derive(Debug)]
pub struct Running(Option<Child>);

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Starts the command in a folder. It must have been built into the folder of the tests.
///
/// # Panics
///
/// Where it has not.
#[must_use]
pub fn start(folder: &Path, arguments: &[&str]) -> Running {
    let child = Command::new(binary())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    Running(Some(child))
}

/// Runs the command to its end.
#[must_use]
pub fn run(folder: &Path, arguments: &[&str]) -> Ended {
    start(folder, arguments).end()
}

impl Running {
    /// Presses Ctrl-C.
    ///
    /// # Panics
    ///
    /// Where the system has no command `kill`.
    pub fn interrupt(&self) {
        let id = self.0.as_ref().map_or(0, Child::id).to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("there is a command `kill`").success());
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// Where it cannot be waited for, or writes what is no UTF-8.
    #[must_use]
    pub fn end(mut self) -> Ended {
        let child = self.0.take().expect("it runs until here");
        let ended = child.wait_with_output().expect("it is a process of ours");
        let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
        Ended {
            code: ended.status.code(),
            output: text(ended.stdout),
            errors: text(ended.stderr),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Serves the configuration of a folder at a free port, without keys; its address.
///
/// # Panics
///
/// Where it does not listen within twenty seconds.
#[must_use]
pub fn serve(folder: &Path, config: &str) -> (Running, String) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let address = free.expect("there is a free port").to_string();
    let (_, port) = address.rsplit_once(':').expect("a port follows the host");
    let arguments = ["serve", "--no-auth", "--config", config, "--port", port];
    let running = start(folder, &arguments);
    let begin = Instant::now();
    while TcpStream::connect(&address).is_err() {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "it does not listen: {:?}",
            running.end()
        );
        sleep(Duration::from_millis(50));
    }
    (running, address)
}

/// Posts a text to an address, and keeps the connection without reading the answer.
///
/// # Panics
///
/// Where nothing listens there.
#[must_use]
pub fn post(address: &str, path: &str, kind: &str, body: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).expect("the service listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let sent = connection.write_all((head + body).as_bytes());
    sent.expect("the service reads");
    connection
}

fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the system tells the path of a test");
    let folder = test.ancestors().nth(2).unwrap_or(&test);
    let binary = folder.join("epstats");
    assert!(
        binary.is_file(),
        "`{}` is missing: cargo build -p epstats-cli",
        binary.display()
    );
    binary
}
