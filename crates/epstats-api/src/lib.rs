//! Wire forms: definitions of experiments and sources in, scorecards out.
//!
//! [`read_definition`] turns what a person wrote into an experiment, [`read_sources`] what an operator wrote into
//! sources; both tell everything that is wrong at once. [`scorecard_json`] and [`scorecard_csv`] write what came of
//! them, and [`problems_json`] what is wrong. [`read_plan`] and [`answer_plan`] plan an experiment from numbers,
//! [`plans_of_experiment`] from data. [`read_past`] reads the effects of past experiments. [`ep_stats`] has the forms of the Python service of that name. Nothing here
//! reads a file or the environment.

pub mod ep_stats;

mod codes;
mod definition;
mod document;
mod past;
mod planning;
mod problems;
mod scorecard;
mod server;
mod sources;
mod variables;
mod walk;

pub use codes::{CodeEntry, CodeKind, codes};
pub use definition::{Definition, read_definition};
pub use document::DefinitionFormat;
pub use past::{MOST_PROBLEMS, PastExperiment, ReadPast, read_past, shrinkage_json};
pub use planning::{
    Detectable, ExperimentPlans, FalsePositiveRisk, MetricPlan, NoPlan, PlanAim, PlanAnswer,
    PlanKind, PlanRequest, PlanUnits, PlannedUnits, ReadPlan, answer_plan, plan_from_fields,
    plans_json, plans_of_experiment, read_plan,
};
pub use problems::{ProblemDocument, problems_json};
pub use scorecard::{
    ScorecardDocument, scorecard_csv, scorecard_json, scorecards_csv, scorecards_json,
};
pub use server::{
    LogFormat, ReadSettings, ServerSettings, Setting, SettingKind, print_settings,
    read_server_settings, settings,
};
pub use sources::{
    Adbc, ClickHouse, Cluster, Engine, FileFormat, FileTable, Guess, GuessedColumn, GuessedTable,
    NoGuess, Secret, SourceDefinition, Sources, guess_mapping, has_sources, read_sources,
    source_from_fields,
};
pub use variables::Lookup;
