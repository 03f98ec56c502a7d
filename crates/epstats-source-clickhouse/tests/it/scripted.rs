//! A server that answers what a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Answers every request with the same bytes.
pub(crate) struct Scripted {
    pub(crate) url: String,
    requests: Arc<AtomicUsize>,
}

impl Scripted {
    pub(crate) async fn start(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<Vec<u8>> = Arc::new(answer.into());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
                tokio::spawn(async move {
                    if is_select(stream, &answer).await {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Scripted { url, requests }
    }

    /// How many questions it got, without those to end a query.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn is_select(mut stream: TcpStream, answer: &[u8]) -> bool {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
            _ => return false,
        }
    }
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
    !String::from_utf8_lossy(&request).contains("KILL QUERY")
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
}

/// An answer with a status, headers and a body; the connection ends with it.
pub(crate) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for header in headers {
        text += header;
        text += "\r\n";
    }
    text += "\r\n";
    let mut answer = text.into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A failure of ClickHouse.
pub(crate) fn exception(code: u32, text: &str) -> Vec<u8> {
    let header = format!("X-ClickHouse-Exception-Code: {code}");
    let body = format!("Code: {code}. DB::Exception: {text} (version 26.9.2.1 (official build))\n");
    answer("500 Internal Server Error", &[&header], body.as_bytes())
}
