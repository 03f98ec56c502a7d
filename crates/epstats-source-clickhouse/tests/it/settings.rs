//! What may be said about a server.

use epstats_source::SourceError;
use epstats_source_clickhouse::{ClickHouseSource, Settings};

use crate::question::layout;

#[test]
fn an_address_must_be_one_without_more() {
    for (url, message) in [
        ("clickhouse", "the address of the server cannot be read"),
        (
            "tcp://clickhouse.example:9000",
            "the address of the server begins neither with `http://` nor with `https://`",
        ),
        (
            "https://me:hunter2@clickhouse.example",
            "the address of the server has a user or a password in it",
        ),
        (
            "https://clickhouse.example/?password=hunter2",
            "the address of the server has parameters in it",
        ),
    ] {
        let settings = Settings {
            urls: vec![url.into()],
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
        let error = refused(settings);
        assert_eq!(error.message, message);
        assert!(!format!("{error:?}").contains("hunter2"));
    }
    let error = refused(Settings::default());
    assert_eq!(error.message, "the source has no address of a server");
}

#[test]
fn settings_that_numbers_depend_on_are_refused() {
    for name in [
        "readonly",
        "join_use_nulls",
        "timeout_overflow_mode",
        "skip_unavailable_shards",
        "max_result_rows",
        "query",
        "user",
        "param_x",
    ] {
        let error = refused(with_setting(name));
        assert_eq!(
            error.message,
            format!("the setting `{name}` cannot be given")
        );
    }
    let error = refused(with_setting("max threads"));
    assert_eq!(error.message, "`max threads` is no name of a setting");
    ClickHouseSource::new("x", layout(), with_setting("max_threads")).unwrap();
}

#[test]
fn a_password_of_two_lines_is_refused_without_telling_it() {
    let error = refused(Settings {
        password: Some("hunter2\n".into()),
        ..with_setting("max_threads")
    });
    assert_eq!(
        error.message,
        "the password has a character that cannot be sent"
    );
}

fn with_setting(name: &str) -> Settings {
    Settings {
        urls: vec!["http://localhost:8123".into()],
        settings: [(name.to_owned(), "1".to_owned())].into(),
        ..Settings::default()
    }
}

fn refused(settings: Settings) -> SourceError {
    match ClickHouseSource::new("warehouse", layout(), settings) {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error,
    }
}
