//! Arguments of `source`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{AnswerFormat, SourceOptions};

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  epstats source check warehouse
  epstats source check warehouse --config epstats.yaml --format json
  epstats source check --exposures 'exposures/*.parquet' --events 'events/*.parquet'";
pub(crate) const INIT_EXAMPLES: &str = "\
Examples:
  epstats source init warehouse --set engine=clickhouse --set url=http://localhost:8123 --table web.exposures --table web.events
  epstats source init shop --set engine=postgres --set 'url=${SHOP_URL}' --table goals
  epstats source init files --table 'exposures/*.parquet' --table 'events/*.parquet' --out epstats.yaml";

/// What to do with a source.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Connect, look at tables, columns and rows, and say what will not work.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Box<CheckSource>),
    /// Look at tables and write a definition that maps their columns.
    #[command(after_help = INIT_EXAMPLES)]
    Init(InitSource),
}

/// Arguments of `source check`.
#[derive(Debug, Args)]
pub struct CheckSource {
    /// Name of a source of the configuration.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The data, where they are files named by flags.
    #[command(flatten)]
    pub source: SourceOptions,
    /// How to write what was found.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `source init`.
#[derive(Debug, Args)]
pub struct InitSource {
    /// Name of the new source.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A table of the database, or files: a pattern, a folder. Once, or twice for exposures and events.
    #[arg(
        long = "table",
        value_name = "TABLE|PATH",
        required = true,
        num_args = 1
    )]
    pub tables: Vec<String>,
    /// A field of the definition: `engine=postgres`, `url=…`, `options.uri=…`. `${NAME}` stands for an environment variable.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub fields: Vec<String>,
    /// The type of unit that the ids name.
    #[arg(long, value_name = "NAME", default_value = "user")]
    pub unit_type: String,
    /// Write the configuration to this new file instead of standard output.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
}
