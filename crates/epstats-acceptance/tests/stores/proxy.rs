//! Stands between a source and a store: counts, waits, cuts, or does something when a request comes by.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is done when the beginning of a request comes by: it may be dropped, with its connection.
type Look = dyn Fn(&str) -> Verdict + Send + Sync;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on, and its answer comes back whole.
    Pass,
    /// The answer ends after so many bytes, and the connection with it.
    CutAfter(usize),
}

/// A proxy on loopback.
pub(crate) struct Proxy {
    address: SocketAddr,
    received: Arc<AtomicU64>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy before a server, such as `http://127.0.0.1:5000`.
    pub(crate) fn before(
        server: &str,
        look: impl Fn(&str) -> Verdict + Send + Sync + 'static,
    ) -> Proxy {
        let server: SocketAddr = server.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            requests: Arc::default(),
        };
        let (received, requests) = (Arc::clone(&proxy.received), Arc::clone(&proxy.requests));
        let look: Arc<Look> = Arc::new(look);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(upstream) = TcpStream::connect(server) else {
                    continue;
                };
                let tunnel = Tunnel {
                    received: Arc::clone(&received),
                    requests: Arc::clone(&requests),
                    look: Arc::clone(&look),
                };
                tunnel.open(client, upstream);
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Bytes of all answers so far, headers among them.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }

    /// The first lines of all requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

struct Tunnel {
    received: Arc<AtomicU64>,
    requests: Arc<Mutex<Vec<String>>>,
    look: Arc<Look>,
}

impl Tunnel {
    fn open(self, mut client: TcpStream, mut upstream: TcpStream) {
        let (mut back, mut answers) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let allowed = Arc::clone(&left);
        let received = self.received;
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(n @ 1..) = answers.read(&mut buffer) {
                received.fetch_add(n as u64, Ordering::SeqCst);
                let n_allowed = allowed.load(Ordering::SeqCst).min(n as u64);
                if back
                    .write_all(&buffer[..usize::try_from(n_allowed).unwrap()])
                    .is_err()
                {
                    break;
                }
                if n_allowed < n as u64 {
                    break;
                }
            }
            let _ = back.shutdown(Shutdown::Both);
            let _ = answers.shutdown(Shutdown::Both);
        });
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(n @ 1..) = client.read(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
                let line = text.lines().next().unwrap_or_default().to_owned();
                if let Verdict::CutAfter(n_bytes) = (self.look)(&line) {
                    left.store(n_bytes as u64, Ordering::SeqCst);
                }
                self.requests.lock().unwrap().push(line);
                if upstream.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
            let _ = upstream.shutdown(Shutdown::Both);
        });
    }
}
