//! Clients that open connections and send nothing more.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::process::{client, serve};

/// More than most services take; as many as the machine allows where that is fewer.
const WANTED: usize = 10_000;

#[tokio::test]
async fn ten_thousand_unfinished_bodies_do_not_stop_the_service() {
    let allowed = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let n = WANTED.min(usize::try_from(allowed).unwrap().saturating_sub(500));
    assert!(n >= 500, "{allowed} open files are too few for this test");
    let served = serve(&["--test-data", "--read-timeout", "30s"], &[]);
    let address = served.url.trim_start_matches("http://");
    let unfinished =
        b"POST /evaluate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{\"id\": ";
    let mut slow = Vec::with_capacity(n);
    for _ in 0..n {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(unfinished).unwrap();
        slow.push(stream);
    }
    let request = epstats_demo::test_data().experiments[0].1;
    let client = client();
    for _ in 0..20 {
        let begin = Instant::now();
        let answer = client
            .post(format!("{}/evaluate", served.url))
            .body(request)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "{:?}",
            begin.elapsed()
        );
    }
    assert_eq!(slow.len(), n);
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    use std::io::Read;
    let served = serve(&["--test-data", "--read-timeout", "1s"], &[]);
    let mut stream = TcpStream::connect(served.url.trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
        .write_all(b"POST /evaluate HTTP/1.1\r\nhost:")
        .unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
}
