//! The command line.

pub(crate) mod planning;
mod settings;
pub(crate) mod source;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use epstats::plan::Dialect;

use planning::{Power, SampleSize};
use settings::SettingFlags;
use source::SourceCommand;

/// Evaluates online controlled experiments: effects, intervals, p-values and data checks.
#[derive(Debug, Parser)]
#[command(
    name = "epstats",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "\
Exit codes:
  0  fine
  1  evaluated, but a check of the data failed (only with --strict)
  2  the command line or the definition is wrong
  3  the source failed

Examples:
  epstats demo --units 100000 --out demo
  epstats evaluate demo/experiment.yaml --config demo/epstats.yaml --source demo"
)]
pub struct Arguments {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub color: When,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Evaluate an experiment and print its scorecard.
    #[command(after_help = EVALUATE_EXAMPLES)]
    Evaluate(Evaluate),
    /// Check a definition and show what it would ask of a source.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Print the SQL text that an evaluation would run.
    #[command(after_help = SQL_EXAMPLES)]
    Sql(Sql),
    /// Look at data before any experiment is evaluated on them.
    #[command(subcommand, after_help = source::CHECK_EXAMPLES)]
    Source(SourceCommand),
    /// Tell how many units an experiment needs, and for how long it runs.
    #[command(after_help = SAMPLE_SIZE_EXAMPLES)]
    SampleSize(SampleSize),
    /// Tell what an experiment of a given size can show.
    #[command(after_help = POWER_EXAMPLES)]
    Power(Power),
    /// Tell what to believe of past experiments, each in the light of all others.
    #[command(after_help = SHRINK_EXAMPLES)]
    Shrink(Shrink),
    /// Write a made-up shop with an experiment whose true effects are known.
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(Demo),
    /// Serve evaluations over HTTP, also to clients of the Python ep-stats service.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Serve),
    /// Make an API key for the service.
    #[command(name = "api-key", after_help = "Examples:\n  epstats api-key portal")]
    ApiKey(ApiKey),
    /// Print a completion script for a shell.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(Completions),
    /// Print the manual page.
    #[command(after_help = "Examples:\n  epstats man > epstats.1 && man ./epstats.1")]
    Man,
}

const EVALUATE_EXAMPLES: &str = "\
Examples:
  epstats evaluate experiment.yaml --config epstats.yaml --source warehouse
  epstats evaluate experiment.yaml --exposures exposures.parquet --events 'events/*.parquet'
  epstats evaluate experiment.yaml --layout agg-goals --source goals.csv
  epstats evaluate experiments/*.yaml --config epstats.yaml --source warehouse --format csv
  epstats evaluate - --layout goals --source goals/ --format json --out scorecard.json < experiment.json";
const CHECK_EXAMPLES: &str = "\
Examples:
  epstats check experiment.yaml
  epstats check experiment.yaml --config epstats.yaml --source warehouse";
const SQL_EXAMPLES: &str = "\
Examples:
  epstats sql experiment.yaml --config epstats.yaml --source warehouse
  epstats sql experiment.yaml --layout unit-goals --source goals.parquet
  epstats sql experiment.yaml --config epstats.yaml --source warehouse --dialect snowflake --offline";
const SAMPLE_SIZE_EXAMPLES: &str = "\
Examples:
  epstats sample-size --mean 0.1 --minimum-effect 0.05
  epstats sample-size --mean 12.5 --std 40 --minimum-effect 0.02 --variants 3 --power 0.9
  epstats sample-size --mean 12.5 --std 40 --minimum-effect 0.02 --covariate-correlation 0.7 --daily-units 20000 --whole-weeks
  epstats sample-size --mean 0.9 --margin 0.01
  epstats sample-size experiment.yaml --config epstats.yaml --source warehouse --minimum-effect 0.02";
const POWER_EXAMPLES: &str = "\
Examples:
  epstats power --mean 0.1 --minimum-effect 0.05 --units 100000
  epstats power --mean 12.5 --std 40 --days 14 --daily-units 20000 --traffic-share 0.5 --json
  epstats power experiment.yaml --config epstats.yaml --source warehouse --metric 1";
const SHRINK_EXAMPLES: &str = "\
Examples:
  epstats shrink past.csv
  epstats shrink past.csv --json
  epstats evaluate experiment.yaml --config epstats.yaml --source warehouse --past past.csv";
const DEMO_EXAMPLES: &str = "\
Examples:
  epstats demo
  epstats demo --units 1000000 --seed 7 --out shop";
const SERVE_EXAMPLES: &str = "\
Settings come from flags, the environment, and the field `server` of the configuration, in that order.

Examples:
  epstats serve --test-data
  epstats serve --data goals/ --port 9000
  epstats serve --config epstats.yaml --print-config
  epstats serve --host 0.0.0.0 --api-keys-file keys.txt --log-format json";
const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  epstats completions bash > ~/.local/share/bash-completion/completions/epstats";

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Definitions of experiments, YAML or JSON; `-` reads standard input. Several are evaluated together.
    #[arg(value_name = "DEFINITION", required = true, value_hint = ValueHint::FilePath)]
    pub definitions: Vec<PathBuf>,
    /// What overrides them.
    #[command(flatten)]
    pub overrides: Overrides,
    /// The data.
    #[command(flatten)]
    pub source: SourceOptions,
    /// Past experiments, CSV with columns `experiment`, `effect`, `standard_error`: their relative effects tell what is believed beforehand.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub past: Option<PathBuf>,
    /// How to write the scorecard; several are a list in JSON, null where there is none, and one table in CSV.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write the scorecard to this file instead of standard output; all of it or nothing.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Exit with 1 when a check of the data fails.
    #[arg(long)]
    pub strict: bool,
    /// Columns of the table; by default those of the terminal, or 80.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=400))]
    pub width: Option<u16>,
    /// Use ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The definition.
    #[command(flatten)]
    pub definition: Definition,
    /// The data; without it only the definition is checked.
    #[command(flatten)]
    pub source: SourceOptions,
}

/// Arguments of `sql`.
#[derive(Debug, Args)]
pub struct Sql {
    /// The definition.
    #[command(flatten)]
    pub definition: Definition,
    /// The data, whose layout and columns decide the text.
    #[command(flatten)]
    pub source: SourceOptions,
    /// Dialect of the text, instead of that of the source.
    #[arg(long, value_name = "DIALECT", value_parser = dialects())]
    pub dialect: Option<Dialect>,
    /// Do not ask the source: take the types of its columns from the mapping.
    #[arg(long)]
    pub offline: bool,
}

/// Where the definition is, and what overrides it.
#[derive(Debug, Args)]
pub struct Definition {
    /// Definition of the experiment, YAML or JSON; `-` reads standard input.
    #[arg(value_name = "DEFINITION", value_hint = ValueHint::FilePath)]
    pub definition: PathBuf,
    /// What overrides it.
    #[command(flatten)]
    pub overrides: Overrides,
}

/// What overrides a definition.
#[derive(Debug, Default, Args)]
pub struct Overrides {
    /// Profile of inference, instead of that of the definition.
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub inference: Option<Profile>,
    /// Confidence level, instead of that of the definition.
    #[arg(long, value_name = "LEVEL")]
    pub confidence_level: Option<f64>,
    /// Evaluate as of this day: later data are not seen.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date_for: Option<jiff::civil::Date>,
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Source")]
pub struct SourceOptions {
    /// Name of a source of the configuration, or the data: files, patterns, folders.
    #[arg(long, value_name = "NAME|PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub source: Vec<String>,
    /// File that defines sources; by default `epstats.yaml` of this folder, if there is one.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Exposures of the layout `events`.
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub exposures: Vec<String>,
    /// Events of the layout `events`.
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub events: Vec<String>,
    /// What a row of the data is.
    #[arg(long, value_enum)]
    pub layout: Option<LayoutName>,
    /// Format of the files, where their names do not tell.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub file_format: Option<FileFormatName>,
    /// A column that is called otherwise: `exposures.unit_id=user_id`, `count=n`; an empty name means that there is none.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub mapping: Vec<String>,
    /// Unit type of the ids in the layout `events`; by default that of the experiment.
    #[arg(long, value_name = "NAME")]
    pub unit_type: Option<String>,
    /// How long after its first exposure the events of a unit count: `14d`, `36h`.
    #[arg(long, value_name = "TIME")]
    pub window: Option<String>,
    /// Time zone that days are taken in; by default UTC.
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Memory to stay within, such as `4GiB`; what does not fit is spilled to disk.
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
    /// Folder to spill into; by default the system's temporary folder.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub spill_folder: Option<PathBuf>,
    /// Most to spill, such as `50GiB`; by default what the disk holds.
    #[arg(long, value_name = "SIZE")]
    pub spill_limit: Option<String>,
    /// Threads; by default one per core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Longest time to wait for the source: `60s`, `5m`.
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,
}

impl SourceOptions {
    /// Is a source named at all?
    #[must_use]
    pub fn is_given(&self) -> bool {
        !(self.source.is_empty() && self.exposures.is_empty() && self.events.is_empty())
    }
}

/// Arguments of `shrink`.
#[derive(Debug, Args)]
pub struct Shrink {
    /// Past experiments, CSV with columns `experiment`, `effect`, `standard_error`; `-` reads standard input.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Write the answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// How many units are exposed.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..=1_000_000_000))]
    pub units: u64,
    /// Seed: the same seed gives the same data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder to write; must be new, empty, or an earlier demo.
    #[arg(long, value_name = "DIR", default_value = "epstats-demo", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// File with sources and settings; by default that of EPSTATS_CONFIG, or `epstats.yaml` of this folder, if there is one.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Serve the aggregated goals of this folder: `goals_agg.csv`, `goals_by_unit.csv`.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data: Option<PathBuf>,
    /// Serve the test data that come with the command.
    #[arg(long)]
    pub test_data: bool,
    /// Print the settings in force, without secrets, and where each comes from.
    #[arg(long)]
    pub print_config: bool,
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: SettingFlags,
}

/// Arguments of `api-key`.
#[derive(Debug, Args)]
pub struct ApiKey {
    /// Who uses the key; it is written to logs.
    pub name: String,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Forms of a scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Table,
    /// JSON, every field.
    Json,
    /// CSV, one line per metric and variant.
    Csv,
    /// Markdown tables.
    Markdown,
}

/// Forms of a short answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// Sentences.
    Text,
    /// JSON.
    Json,
}

/// The words for dialects.
fn dialects() -> impl TypedValueParser<Value = Dialect> {
    let words = Dialect::ALL.iter().map(|dialect| dialect.as_str());
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Dialect>())
}

/// Profiles of inference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Exact variances, intervals that agree with the test.
    Standard,
    /// The numbers of the Python system ep-stats.
    EpStats,
}

/// Layouts of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LayoutName {
    /// Exposures and raw events.
    Events,
    /// Attributed events.
    Goals,
    /// Attributed events summed by unit.
    UnitGoals,
    /// Summed by variant and goal.
    AggGoals,
    /// A row per variant, a column per goal.
    Wide,
}

/// Formats of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormatName {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values.
    Csv,
    /// JSON lines.
    Json,
}
