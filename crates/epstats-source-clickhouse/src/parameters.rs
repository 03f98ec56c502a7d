//! What goes out beside a statement: parameters of its URL.

use std::time::Duration;

use url::Url;

use crate::Settings;

/// Settings that hold for every statement, whatever the user's profile says, with the reason for each.
///
/// All of them are older than the oldest version that the dialect is for.
const FIXED: &[(&str, &str)] = &[
    // Nothing is ever written. Not 1: users whose profile is read-only already may set this to 2 again, and to nothing else.
    ("readonly", "2"),
    // The answer is sent when it is whole, so that its status tells of every failure.
    ("wait_end_of_query", "1"),
    ("default_format", "ArrowStream"),
    // A query ends when its connection does, too.
    ("cancel_http_readonly_queries_on_client_close", "1"),
    // Numbers as the reader of answers expects them.
    ("output_format_arrow_string_as_string", "1"),
    ("output_format_arrow_low_cardinality_as_dictionary", "0"),
    ("output_format_arrow_compression_method", "none"),
    // A limit that is met ends the query; `break` and `any` would answer for a part of the data.
    ("timeout_overflow_mode", "throw"),
    ("partial_result_on_first_cancel", "0"),
    ("result_overflow_mode", "throw"),
    ("read_overflow_mode", "throw"),
    ("read_overflow_mode_leaf", "throw"),
    ("group_by_overflow_mode", "throw"),
    ("sort_overflow_mode", "throw"),
    ("distinct_overflow_mode", "throw"),
    ("join_overflow_mode", "throw"),
    ("set_overflow_mode", "throw"),
    ("transfer_overflow_mode", "throw"),
    // So would a shard that does not answer, and rows of an answer that are left out.
    ("skip_unavailable_shards", "0"),
    ("limit", "0"),
    ("offset", "0"),
    // What standard SQL means by the statement.
    ("join_use_nulls", "1"),
    ("transform_null_in", "0"),
    ("aggregate_functions_null_for_empty", "0"),
    ("empty_result_for_aggregation_by_empty_set", "0"),
    ("prefer_column_name_to_alias", "1"),
    ("cast_keep_nullable", "0"),
    // Moments and days are read in UTC, as the statement writes them.
    ("session_timezone", "UTC"),
    // Each shard groups its rows, the server that was asked adds them up.
    ("distributed_group_by_no_merge", "0"),
    // A table of shards that is joined to another is read from all shards, not from the own one only.
    ("distributed_product_mode", "global"),
];

/// Settings that hold unless the user gives others: room for statements about many metrics.
const DEFAULTS: &[(&str, &str)] = &[
    ("max_query_size", "16777216"),
    ("max_ast_elements", "1000000"),
    ("max_expanded_ast_elements", "10000000"),
];

/// Names of parameters that are set for each statement.
const PER_STATEMENT: &[&str] = &[
    "query_id",
    "database",
    "max_result_rows",
    "max_execution_time",
];

/// Other parameters of the HTTP interface that would change who asks, or what.
const RESERVED: &[&str] = &[
    "query",
    "user",
    "password",
    "session_id",
    "session_check",
    "session_timeout",
    "compress",
    "decompress",
    "role",
    "quota_key",
    "output_format",
    "input_format",
];

/// Longest time limit that is sent; the server has no room for all that a duration can be.
const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// Is a setting ours to set?
pub(crate) fn is_ours(name: &str) -> bool {
    FIXED.iter().any(|(ours, _)| *ours == name)
        || PER_STATEMENT.contains(&name)
        || RESERVED.contains(&name)
        || name.starts_with("param_")
}

/// The address of a replica with everything that goes with a `SELECT`.
pub(crate) fn of_select(
    replica: &Url,
    settings: &Settings,
    query_id: &str,
    time_left: Option<Duration>,
) -> Url {
    let mut url = replica.clone();
    {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in DEFAULTS {
            if !settings.settings.contains_key(*name) {
                pairs.append_pair(name, value);
            }
        }
        for (name, value) in &settings.settings {
            pairs.append_pair(name, value);
        }
        for (name, value) in FIXED {
            pairs.append_pair(name, value);
        }
        // 0 would mean no limit, here and below.
        let rows = settings.row_limit.max(1);
        pairs.append_pair("max_result_rows", &rows.to_string());
        if let Some(left) = time_left {
            let seconds = left.as_secs_f64().ceil().clamp(1.0, YEAR_SECONDS);
            pairs.append_pair("max_execution_time", &format!("{seconds:.0}"));
        }
        if let Some(database) = &settings.database {
            pairs.append_pair("database", database);
        }
        pairs.append_pair("query_id", query_id);
    }
    url
}

/// The address of a replica for ending a query there. Database and settings play no part in it, and might be what is wrong.
pub(crate) fn of_kill(replica: &Url) -> Url {
    let mut url = replica.clone();
    url.query_pairs_mut()
        .append_pair("default_format", "TabSeparated");
    url
}
