//! The bytes of an answer as rows. Only a whole answer has rows.

use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::ArrowError;
use epstats_plan::Cell;
use epstats_source::{FailureKind, Refusal, arrow};

/// What every message of a stream begins with.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// What a stream ends with: a message of no length.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// The rows of an answer in the format `ArrowStream`.
///
/// A failure after the first rows leaves a stream without an end, or with a text behind it; neither is an answer.
pub(crate) fn rows(body: Vec<u8>) -> Result<Vec<Vec<Cell>>, Refusal> {
    if body.is_empty() {
        return Err(cut_short());
    }
    if !body.starts_with(&CONTINUATION) {
        return Err(not_clickhouse(
            "the answer is not in the format that was asked for",
        ));
    }
    if !body.ends_with(&END) {
        return Err(cut_short());
    }
    let mut rows = Vec::new();
    decode(body, &mut rows).map_err(|error| {
        Refusal::new(
            FailureKind::Other,
            format!("the answer of the server cannot be read: {error}"),
        )
        .help("is there something between here and the server that changes answers?")
        .because(error)
    })?;
    Ok(rows)
}

fn decode(body: Vec<u8>, rows: &mut Vec<Vec<Cell>>) -> Result<(), ArrowError> {
    let mut decoder = StreamDecoder::new();
    let mut body = Buffer::from(body);
    while !body.is_empty() {
        if let Some(batch) = decoder.decode(&mut body)? {
            arrow::append(rows, &batch)?;
        }
    }
    decoder.finish()
}

/// Something answers, and it is not ClickHouse.
pub(crate) fn not_clickhouse(why: &str) -> Refusal {
    Refusal::new(
        FailureKind::Unreachable,
        format!("what answers is not the HTTP interface of ClickHouse: {why}"),
    )
    .help("check the address: the HTTP interface has port 8123, or 8443 with TLS; a proxy in between may have answered in its place")
}

fn cut_short() -> Refusal {
    Refusal::new(
        FailureKind::ConnectionLost,
        "the answer of the server ended before it was whole".to_owned(),
    )
    .help("ask again; the log of the server says why it stopped")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Float64Array, RecordBatch, StringArray};
    use arrow_ipc::writer::StreamWriter;

    use super::*;

    fn body() -> Vec<u8> {
        let batch = RecordBatch::try_from_iter([
            ("variant", Arc::new(StringArray::from(vec!["a", "b"])) as _),
            ("mean", Arc::new(Float64Array::from(vec![0.5, 1.5])) as _),
        ])
        .unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn a_whole_stream_has_its_rows() {
        let expected = vec![
            vec![Cell::Text("a".to_owned()), Cell::Number(0.5)],
            vec![Cell::Text("b".to_owned()), Cell::Number(1.5)],
        ];
        assert_eq!(rows(body()).unwrap(), expected);
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_is_no_answer() {
        let whole = body();
        for length in 0..whole.len() {
            let kind = rows(whole[..length].to_vec()).unwrap_err().kind();
            let expected = match length {
                1..4 => FailureKind::Unreachable,
                _ => FailureKind::ConnectionLost,
            };
            assert_eq!(kind, expected, "cut after {length} bytes");
        }
    }

    #[test]
    fn a_failure_behind_the_first_rows_is_no_answer() {
        let mut poisoned = body();
        poisoned.extend(b"\r\n__exception__\r\nCode: 241. DB::Exception: Memory limit exceeded\r\n");
        assert_eq!(rows(poisoned).unwrap_err().kind(), FailureKind::ConnectionLost);
        let mut two = body();
        two.extend(body());
        assert_eq!(rows(two).unwrap_err().kind(), FailureKind::Other);
    }

    #[test]
    fn a_page_of_a_proxy_is_no_answer() {
        let refusal = rows(b"<html><body>Sign in</body></html>".to_vec()).unwrap_err();
        assert_eq!(refusal.kind(), FailureKind::Unreachable);
    }
}
