//! Reading settings: fields of the file, over which the environment and then flags are laid.

use std::path::PathBuf;

use epstats_experiment::{Code, Diagnostic, Step};

use super::table::{Setting, SettingKind, settings};
use super::{LogFormat, ReadSettings, ServerSettings};
use crate::document::{self, DefinitionFormat, Field, Node, Value};
use crate::ep_stats::NonFinite;
use crate::sources::units;
use crate::variables::Lookup;
use crate::walk::{At, Object, Problems};

/// Reads the settings of the service.
///
/// `file` is the text of a configuration, whose field `server` is read; `${NAME}` in it stands for a variable of the environment. A flag
/// is the name of a setting and its text. Every problem is reported, with its place in the file, the name of the variable or the flag.
///
/// ```
/// let environment = |name: &str| (name == "PORT").then(|| "9000".to_owned());
/// let read = epstats_api::read_server_settings(Some("server: {port: 1, host: '127.0.0.1'}"), &[], &environment);
/// let settings = read.settings.expect("they are sound");
/// assert_eq!((settings.port, settings.host.as_str()), (9000, "127.0.0.1"));
/// ```
#[must_use]
pub fn read_server_settings(
    file: Option<&str>,
    flags: &[(&str, String)],
    lookup: Lookup<'_>,
) -> ReadSettings {
    let mut problems = Problems::new();
    let document = match file.map(|text| document::parse(text, DefinitionFormat::Yaml)) {
        None => Node::object(),
        Some(Ok(document)) => document,
        Some(Err(problem)) => {
            problems.push(*problem);
            Node::object()
        }
    };
    let root = At::root(&document).with_variables(lookup);
    let in_file = Object::open(root, &["server", "sources"], &mut problems)
        .and_then(|object| object.optional("server"));
    let given = given(flags, lookup);
    let laid_over = Node::of_fields(given.iter().map(|given| (given.setting.name, given.node())));
    let origins = origins(&given, in_file.as_ref());
    let mut settings = ServerSettings::default();
    if let Some(at) = in_file {
        read_fields(at, &mut settings, &mut problems);
    }
    let before = problems.len();
    read_fields(At::root(&laid_over), &mut settings, &mut problems);
    name_origins(&mut problems[before..], &given);
    check_together(&settings, &mut problems);
    ReadSettings {
        settings: (!problems.iter().any(Diagnostic::is_error)).then_some(settings),
        origins,
        diagnostics: problems,
    }
}

/// A setting given outside the file.
struct Given {
    setting: &'static Setting,
    text: String,
    /// The flag or the variable.
    origin: String,
}

impl Given {
    /// The value as it would stand in a file.
    fn node(&self) -> Node {
        let text = self.text.trim();
        Node::unplaced(match self.setting.kind {
            SettingKind::Integer if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Value::Number(text.to_owned())
            }
            SettingKind::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Value::Boolean(true),
                "false" | "0" | "no" | "off" => Value::Boolean(false),
                _ => Value::Text(text.to_owned()),
            },
            SettingKind::Texts => {
                let entries = text
                    .split(',')
                    .map(str::trim)
                    .filter(|text| !text.is_empty());
                Value::List(
                    entries
                        .map(|text| Node::unplaced(Value::Text(text.to_owned())))
                        .collect(),
                )
            }
            _ => Value::Text(self.text.clone()),
        })
    }
}

/// Flags, then variables for what no flag gives. An empty variable gives nothing.
fn given(flags: &[(&str, String)], lookup: Lookup<'_>) -> Vec<Given> {
    let of_setting = |setting: &'static Setting| {
        let flag = flags.iter().rfind(|(name, _)| *name == setting.name);
        if let Some((_, text)) = flag {
            return Some((text.clone(), setting.flag()));
        }
        let first = setting.variable();
        let mut variables =
            std::iter::once(first.as_str()).chain(setting.variables.iter().copied());
        variables.find_map(|variable| {
            let text = lookup(variable).filter(|text| !text.is_empty())?;
            Some((text, variable.to_owned()))
        })
    };
    let settings = settings().iter();
    settings
        .filter_map(|setting| {
            of_setting(setting).map(|(text, origin)| Given {
                setting,
                text,
                origin,
            })
        })
        .collect()
}

fn origins(given: &[Given], in_file: Option<&At<'_>>) -> Vec<(&'static str, String)> {
    let fields = in_file.and_then(|at| at.entries(&mut Problems::new()));
    let fields = fields.unwrap_or_default();
    let origin = |setting: &Setting| {
        let outside = given.iter().find(|given| given.setting == setting);
        let written = || fields.iter().any(|(name, _)| *name == setting.name);
        match outside {
            Some(given) => Some(given.origin.clone()),
            None => written().then(|| "file".to_owned()),
        }
    };
    settings()
        .iter()
        .filter_map(|setting| Some((setting.name, origin(setting)?)))
        .collect()
}

/// Says of every problem which flag or variable it is about.
fn name_origins(problems: &mut [Diagnostic], given: &[Given]) {
    for problem in problems {
        let Some(Step::Field(name)) = problem.place.path.first() else {
            continue;
        };
        let origin = given.iter().find(|given| given.setting.name == name);
        problem.place.name = origin.map(|given| given.origin.clone());
    }
}

fn read_fields(at: At<'_>, settings: &mut ServerSettings, problems: &mut Problems) {
    let names: Vec<&str> = super::table::settings()
        .iter()
        .map(|setting| setting.name)
        .collect();
    let Some(object) = Object::open(at, &names, problems) else {
        return;
    };
    let mut fields = Fields { object, problems };
    fields.text("host", &mut settings.host);
    fields.integer("port", 0..=65_535, &mut settings.port);
    fields.text("app_name", &mut settings.app_name);
    fields.text("app_env", &mut settings.app_env);
    fields.text("app_title", &mut settings.app_title);
    fields.text("app_description", &mut settings.app_description);
    fields.text("log_level", &mut settings.log_level);
    let forms = [LogFormat::Text, LogFormat::Json].map(|form| (form.as_str(), form));
    fields.choice("log_format", &forms, &mut settings.log_format);
    let mut workers = 0;
    fields.integer("web_workers", 1..=1024, &mut workers);
    settings.web_workers = (workers > 0).then_some(workers).or(settings.web_workers);
    fields.integer(
        "evaluation_pool_size",
        1..=1024,
        &mut settings.evaluation_pool_size,
    );
    fields.integer(
        "max_concurrency",
        1..=1_000_000,
        &mut settings.max_concurrency,
    );
    fields.duration("request_timeout", &mut settings.request_timeout);
    fields.duration("read_timeout", &mut settings.read_timeout);
    fields.duration("shutdown_timeout", &mut settings.shutdown_timeout);
    if let Some(bytes) = fields.size("body_limit") {
        settings.body_limit = bytes;
    }
    fields.integer(
        "max_experiments",
        1..=100_000,
        &mut settings.max_experiments,
    );
    let mut age = std::time::Duration::ZERO;
    fields.duration("cache_age", &mut age);
    settings.cache_age = (!age.is_zero()).then_some(age).or(settings.cache_age);
    fields.integer("cache_plans", 1..=100_000_000, &mut settings.cache_plans);
    let forms = [("tokens", NonFinite::Tokens), ("null", NonFinite::Null)];
    fields.choice("nonfinite", &forms, &mut settings.nonfinite);
    fields.boolean("extra", &mut settings.extra);
    fields.some_text("default_source", &mut settings.default_source);
    fields.texts("api_keys", &mut settings.api_keys);
    fields.path("api_keys_file", &mut settings.api_keys_file);
    fields.boolean("no_auth", &mut settings.no_auth);
    fields.texts("cors_origins", &mut settings.cors_origins);
    fields.path("tls_certificate", &mut settings.tls_certificate);
    fields.path("tls_key", &mut settings.tls_key);
    fields.integer(
        "metrics_experiments",
        0..=100_000,
        &mut settings.metrics_experiments,
    );
    fields.some_text("sentry_dsn", &mut settings.sentry_dsn);
    fields.some_text("otlp_endpoint", &mut settings.otlp_endpoint);
}

/// Settings that need each other.
fn check_together(settings: &ServerSettings, problems: &mut Problems) {
    let alone = match (&settings.tls_certificate, &settings.tls_key) {
        (Some(_), None) => Some(("tls_key", "tls_certificate")),
        (None, Some(_)) => Some(("tls_certificate", "tls_key")),
        _ => None,
    };
    if let Some((missing, there)) = alone {
        problems.push(
            Diagnostic::error(
                Code::MissingField,
                vec![missing.into()],
                format!("`{missing}` is missing"),
            )
            .expected(format!("a file in PEM, beside `{there}`")),
        );
    }
}

/// Fields that replace a value where they are given.
struct Fields<'n, 'p> {
    object: Object<'n>,
    problems: &'p mut Problems,
}

impl Fields<'_, '_> {
    fn text(&mut self, name: &str, value: &mut String) {
        if let Some(text) = self.filled(name) {
            *value = text;
        }
    }

    fn some_text(&mut self, name: &str, value: &mut Option<String>) {
        *value = self.filled(name).or(value.take());
    }

    fn path(&mut self, name: &str, value: &mut Option<PathBuf>) {
        *value = self.filled(name).map(PathBuf::from).or(value.take());
    }

    fn filled(&mut self, name: &str) -> Option<String> {
        let field = self.object.optional(name)?;
        Some(field.filled_text(self.problems)?.into_owned())
    }

    fn texts(&mut self, name: &str, value: &mut Vec<String>) {
        let texts = self
            .object
            .optional(name)
            .and_then(|field| field.texts(self.problems));
        if let Some(texts) = texts {
            *value = texts;
        }
    }

    fn integer<T: TryFrom<u64>>(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
        value: &mut T,
    ) {
        let Some(field) = self.object.optional(name) else {
            return;
        };
        let Some(digits) = field.integer(self.problems) else {
            return;
        };
        let number = digits.parse().ok().filter(|number| range.contains(number));
        match number.and_then(|number| T::try_from(number).ok()) {
            Some(number) => *value = number,
            None => self.problems.push(
                field
                    .error(
                        Code::OutOfRange,
                        format!("{} is out of range", field.label()),
                    )
                    .expected(format!(
                        "a whole number from {} to {}",
                        range.start(),
                        range.end()
                    ))
                    .found(format!("`{digits}`")),
            ),
        }
    }

    fn boolean(&mut self, name: &str, value: &mut bool) {
        let Some(field) = self.object.optional(name) else {
            return;
        };
        match field.node.value {
            Value::Boolean(truth) => *value = truth,
            _ => self.problems.push(field.wrong_type("`true` or `false`")),
        }
    }

    fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)], value: &mut T) {
        let field = self.object.optional(name);
        if let Some(choice) = field.and_then(|field| field.choice(choices, self.problems)) {
            *value = choice;
        }
    }

    fn duration(&mut self, name: &str, value: &mut std::time::Duration) {
        let field = self.object.optional(name);
        if let Some(duration) = field.and_then(|field| units::duration(&field, self.problems)) {
            *value = duration;
        }
    }

    fn size(&mut self, name: &str) -> Option<u64> {
        let field = self.object.optional(name)?;
        units::size(&field, self.problems)
    }
}

impl Node {
    fn of_fields<'f>(fields: impl Iterator<Item = (&'f str, Node)>) -> Node {
        let field = |(name, value): (&str, Node)| Field {
            name: name.to_owned(),
            position: None,
            value,
        };
        Node::unplaced(Value::Object(fields.map(field).collect()))
    }
}
