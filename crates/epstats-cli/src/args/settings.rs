//! Flags for the settings of the service, one for each of the table that `api` has.

use clap::{Arg, ArgAction, ArgMatches, Command, Error};
use epstats_api::{Setting, SettingKind, settings};

/// The settings that flags give: name and text.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingFlags(pub(crate) Vec<(&'static str, String)>);

impl clap::Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        // Other users of the machine see the flags of a process, so secrets have none.
        let flags = settings().iter().filter(|setting| !setting.is_secret);
        flags.fold(command, |command, setting| command.arg(flag(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = SettingFlags::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for setting in settings().iter().filter(|setting| !setting.is_secret) {
            if let Some(text) = matches.get_one::<String>(setting.name) {
                self.0.push((setting.name, text.clone()));
            }
        }
        Ok(())
    }
}

fn flag(setting: &'static Setting) -> Arg {
    let variables = std::iter::once(setting.variable()).chain(
        setting
            .variables
            .iter()
            .map(|&variable| variable.to_owned()),
    );
    let variables: Vec<String> = variables.collect();
    let meaning = capitalized(setting.meaning);
    let arg = Arg::new(setting.name)
        .long(setting.name.replace('_', "-"))
        .help(format!("{meaning} [env: {}]", variables.join(", ")))
        .help_heading("Settings")
        .action(ArgAction::Set)
        .value_name(match setting.kind {
            SettingKind::Text | SettingKind::Texts => "TEXT",
            SettingKind::Integer => "N",
            SettingKind::Boolean => "BOOL",
            SettingKind::Duration => "TIME",
            SettingKind::Size => "SIZE",
        });
    match setting.kind {
        // `--no-auth` alone means yes.
        SettingKind::Boolean => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        _ => arg,
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
