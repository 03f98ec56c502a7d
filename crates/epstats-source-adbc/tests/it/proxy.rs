//! A network between a source and its server that counts, hangs and breaks as a test wants.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Passes on what comes in at a port of its own.
pub(crate) struct Proxy {
    /// The port.
    pub(crate) port: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    received: AtomicU64,
    is_silent: AtomicBool,
    is_cut: AtomicBool,
    connections: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Stands before a port of this machine.
    pub(crate) fn before(server: &str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let state = Arc::new(State::default());
        let (shared, server) = (Arc::clone(&state), format!("127.0.0.1:{server}"));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(&server)) else {
                    return;
                };
                let state = Arc::clone(&shared);
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let ends = [client.try_clone().unwrap(), server.try_clone().unwrap()];
                state.connections.lock().unwrap().extend(ends);
                thread::spawn(move || pass(&from, &to, &state, false));
                let state = Arc::clone(&shared);
                thread::spawn(move || pass(&server, &client, &state, true));
            }
        });
        Proxy { port, state }
    }

    /// Bytes that the server has sent.
    pub(crate) fn received(&self) -> u64 {
        self.state.received.load(Ordering::SeqCst)
    }

    /// From now on nothing comes back from the server.
    pub(crate) fn be_silent(&self) {
        self.state.is_silent.store(true, Ordering::SeqCst);
    }

    /// From now on every connection ends as soon as the server sends something.
    pub(crate) fn cut(&self) {
        self.state.is_cut.store(true, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    /// Every connection ends now, as if the machine of the client had lost its power.
    fn drop(&mut self) {
        for connection in self.state.connections.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: &TcpStream, mut to: &TcpStream, state: &State, is_answer: bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if is_answer {
            while state.is_silent.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(20));
            }
            if state.is_cut.load(Ordering::SeqCst) {
                // Half of what came, as if the line broke in its middle.
                let _ = to.write_all(&buffer[..n / 2]);
                break;
            }
            state.received.fetch_add(n as u64, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
