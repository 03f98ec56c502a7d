//! A connection that goes wrong on its way.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// The connection ends after that many bytes of answers.
    CutAfter(usize),
    /// The server does not learn that the client is gone.
    Hold,
}

/// Passes bytes on to a server; the address to connect to.
pub(crate) async fn start(server: &str, fault: Fault) -> String {
    let upstream = server.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let server = TcpStream::connect(&upstream).await.unwrap();
            tokio::spawn(pass(client, server, fault));
        }
    });
    url
}

async fn pass(client: TcpStream, server: TcpStream, fault: Fault) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let questions = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        if let Fault::Hold = fault {
            std::future::pending::<()>().await;
        }
    });
    let mut left = match fault {
        Fault::CutAfter(bytes) => bytes,
        Fault::Hold => usize::MAX,
    };
    let mut buffer = vec![0; 4096];
    while left > 0 {
        let Ok(read @ 1..) = from_server.read(&mut buffer).await else {
            break;
        };
        let passed = read.min(left);
        left -= passed;
        if to_client.write_all(&buffer[..passed]).await.is_err() {
            break;
        }
    }
    questions.abort();
}
