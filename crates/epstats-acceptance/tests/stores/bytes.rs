//! Of a table in a store, only what a question needs is read.

use std::fs;

use epstats_source::memory::{Cell, Column, Kind, Table};
use epstats_source_datafusion::FileFormat;

use crate::files::write_one;
use crate::proxy::{Proxy, Verdict};
use crate::servers::{address, new_folder, s3, s3_at};
use crate::shop::{ask, batch_of, goals, source};

/// Columns that no question names.
const N_OTHERS: usize = 12;
/// Rows of each experiment.
const N_ROWS: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn only_the_columns_and_the_folders_of_a_question_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let experiments = ["checkout", "other-1", "other-2", "other-3"];
    let mut n_bytes = 0;
    for experiment in experiments {
        let below = folder.path().join(format!("exp_id={experiment}"));
        fs::create_dir_all(&below).unwrap();
        let file = below.join("part-0.parquet");
        write_one(&batch_of(&many_columns()), &file, FileFormat::Parquet);
        n_bytes += fs::metadata(&file).unwrap().len();
    }
    let below = new_folder();
    s3().upload(folder.path(), &below).await;

    let proxy = Proxy::before(&address("EPSTATS_TEST_S3_URL"), |_| Verdict::Pass);
    let source = source(&[format!("s3://shop/{below}/")], None, s3_at(&proxy.url()));
    ask(&source).await.unwrap();

    let requests = proxy.requests();
    let of_object = |experiment: &str| {
        let name = format!("exp_id%3D{experiment}/");
        let plain = format!("exp_id={experiment}/");
        requests
            .iter()
            .filter(|line| line.contains(&name) || line.contains(&plain))
            .filter(|line| !line.contains("list-type"))
            .count()
    };
    println!(
        "{n_bytes} bytes stored, {} received in {} requests",
        proxy.received(),
        requests.len()
    );
    // Of the others nothing but the description of their columns, at the end of the file.
    for other in &experiments[1..] {
        assert_eq!(of_object(other), 1, "{requests:#?}");
    }
    assert!(of_object("checkout") <= 4, "{requests:#?}");
    assert!(requests.len() <= 16, "{requests:#?}");
    assert!(
        proxy.received() < n_bytes / 10,
        "{} of {n_bytes} bytes were read",
        proxy.received()
    );
}

/// The usual columns but the experiment, which the folders tell, and many texts without repetition beside them.
fn many_columns() -> Table {
    let mut table = goals(&["CZ", "DE"], true);
    let rows = std::mem::take(&mut table.rows);
    table.columns.remove(0);
    table
        .columns
        .extend((0..N_OTHERS).map(|index| Column::new(format!("other_{index}"), Kind::Text)));
    let mut state = 1u64;
    for number in 0..N_ROWS {
        let mut row = rows[number % rows.len()].clone();
        row.remove(0);
        row.extend((0..N_OTHERS).map(|_| {
            // A linear congruential generator (Knuth's MMIX), for texts that do not compress.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            Cell::Text(format!("{state:016x}"))
        }));
        table.rows.push(row);
    }
    table
}
