//! Names and texts of users stay names and texts, in every dialect and wherever they can stand.
//!
//! The statements for hostile names and texts must have the same tokens as those for harmless ones, except the names and texts themselves, and
//! these must come back unchanged. Tokens are made by the tokenizer of others; what stands between quotes is read here, by the rules of the database.

use epstats_plan::experiment::formula::{
    Aggregation, DimensionFilter, FilterOperator, Function, Goal,
};
use epstats_plan::experiment::stats::Probability;
use epstats_plan::experiment::{Experiment, exposure_goal};
use epstats_plan::{
    ColumnType, Dialect, Layout, Query, TableNames, Tables, for_experiment, lower,
    lower_bad_values, lower_never_seen, lower_variants,
};
use proptest::prelude::*;

use crate::quoted::{Token, tokens, without_escapes};
use crate::support::{
    EXPOSURES, TIMESTAMP, agg_goals, events, experiment, exposure_filter, goal_filter, goals,
    look_queries, tables, trigger, wide,
};

const NAMES: &[&str] = &[
    "'; DROP TABLE users; --",
    "\"; DROP TABLE users; --",
    "`; DROP TABLE users; --",
    "]; DROP TABLE users; --",
    "\\\"; DROP TABLE users; --",
    "\\`; DROP TABLE users; --",
    "\\'; DROP TABLE users; --",
    "select",
    "a b.c",
    "žluťoučký 数据 🦀",
    "",
    "\"\"",
    "``",
    "]]",
    "\\",
    "\\\\\"",
    "line\nbreak",
    "$1 ? :x @y {z}",
    "--",
    "/*",
    "${HOME}",
];

const TEXTS: &[&str] = &[
    "'",
    "''",
    "'''",
    "\\",
    "\\\\",
    "\\'",
    "\\\\'",
    "'\\",
    "\"",
    "`",
    "'; DROP TABLE users; --",
    "\\'; DROP TABLE users; --",
    "\\\\'; DROP TABLE users; --",
    "') OR 1=1 /*",
    "\\' OR 1=1 #",
    "-- x",
    "/* x */",
    "# x",
    "50%_off!",
    "!%",
    "[a-z]*?",
    "a\0b",
    "\0",
    "line\nbreak\r\n\ttab",
    "\\\nnext",
    "\\\r\nnext",
    "‘quoted’ “twice” ʼ",
    "ꞌ＇′",
    "\u{202E}txet\u{202C}",
    "\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}",
    "$$x$$ $tag$",
    "{{ x }} {% y %}",
    ":name ? $1 @x %s %(x)s",
    "${HOME} ${env:PATH} ${spark.x}",
    "NULL",
    "SELECT",
    "\\n\\0\\x41\\u0041",
    "N'x' E'x' X'41' _utf8mb4'x'",
];

#[test]
fn hostile_names_and_texts_change_nothing_else() {
    let harmless = Harmless::new(Dialect::ALL);
    for (text, name) in TEXTS.iter().zip(NAMES.iter().cycle()) {
        harmless.check(name, text);
    }
    let long: String = "it's \\ \"long\" `text` % "
        .chars()
        .cycle()
        .take(1_000)
        .collect();
    harmless.check("N", &long);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_name_and_text_stays_what_it_is(
        name in "[\\PC\\\\'\"`\\[\\]]{0,12}",
        text in "[\\PC\\\\'\"`\\[\\]%_!\\n\\r]{1,12}",
        dialect in prop::sample::select(Dialect::ALL),
    ) {
        Harmless::new(&[dialect]).check(&name, &text);
    }
}

/// What stands for a name and a text in harmless statements.
const NAME: &str = "N0N";
const TEXT: &str = "V0V";

/// The tokens of harmless statements, for each dialect.
struct Harmless(Vec<(Dialect, Vec<Token>)>);

impl Harmless {
    fn new(dialects: &[Dialect]) -> Harmless {
        let queries = queries(NAME, TEXT);
        let dialects = dialects.iter();
        Harmless(
            dialects
                .map(|&dialect| (dialect, all_tokens(dialect, &queries, NAME)))
                .collect(),
        )
    }

    fn check(&self, name: &str, text: &str) {
        // A filter of a formula takes it for two texts.
        let text = &text.replace('|', "");
        let queries = queries(name, text);
        for (dialect, plain) in &self.0 {
            let found = all_tokens(*dialect, &queries, name);
            if text.contains('\0') {
                match dialect {
                    // Its texts cannot hold it, so that it asks something else.
                    Dialect::Postgres | Dialect::Redshift => {
                        assert!(!found.iter().any(Token::has_nul), "{dialect}");
                        continue;
                    }
                    // Its patterns cannot.
                    Dialect::Sqlite => continue,
                    _ => {}
                }
            }
            for (plain, found) in plain.iter().zip(&found) {
                let expected = plain.with(NAME, name, TEXT, text);
                let is_same = *found == expected || is_pattern_of(*dialect, found, &expected);
                assert!(is_same, "{dialect}: {found:?}, expected {expected:?}");
            }
            assert_eq!(plain.len(), found.len(), "{dialect}");
        }
    }
}

/// Is it the pattern that stands for a text with anything after it?
fn is_pattern_of(dialect: Dialect, found: &Token, expected: &Token) -> bool {
    match (found, expected) {
        (Token::Text(found), Token::Text(expected)) => without_escapes(dialect, found) == *expected,
        _ => false,
    }
}

fn all_tokens(dialect: Dialect, queries: &[Query], name: &str) -> Vec<Token> {
    let renamed = TableNames::from([(
        format!("table_2_{name}"),
        vec![format!("schema_{name}"), format!("other_{name}")],
    )]);
    let texts = queries.iter().map(|query| dialect.render(query, &renamed));
    texts.flat_map(|text| tokens(dialect, &text)).collect()
}

/// Statements of all kinds on all layouts, in which a name and a text of a user stand wherever they can.
fn queries(name: &str, text: &str) -> Vec<Query> {
    let named = Named { name };
    [
        named.of(&named.events(), text),
        named.of(&named.goals(), text),
        named.of(&named.agg_goals(), text),
        named.of(&named.wide(text), text),
    ]
    .concat()
}

struct Named<'a> {
    name: &'a str,
}

impl Named<'_> {
    fn named(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.name)
    }

    fn of(&self, (layout, tables): &(Layout, Tables), text: &str) -> Vec<Query> {
        let experiment = self.experiment(layout, text);
        let plan = for_experiment(&experiment);
        let lowered = lower(&plan, layout, tables).unwrap();
        let mut queries: Vec<Query> = lowered.statements().cloned().collect();
        queries.push(lower_bad_values(&plan, layout, tables).unwrap().query);
        let all: Vec<usize> = (0..plan.goals.len()).collect();
        queries.extend(lower_never_seen(&plan, layout, tables, &all).unwrap().query);
        queries.push(lower_variants(&plan, layout, tables).unwrap());
        queries.extend(look_queries(layout, tables));
        queries
    }

    fn experiment(&self, layout: &Layout, text: &str) -> Experiment {
        let goal = Goal {
            function: Function::Value,
            unit_type: "user".to_owned(),
            aggregation: Aggregation::Unit,
            name: format!("a{text}"),
            filters: Vec::new(),
        };
        let dimension = self.named("dimension_");
        let filtered = |operator| Goal {
            filters: vec![DimensionFilter {
                dimension: dimension.clone(),
                operator,
                value: text.to_owned(),
            }],
            ..goal.clone()
        };
        let mut experiment = experiment(&[(EXPOSURES, EXPOSURES), (EXPOSURES, EXPOSURES)]);
        experiment.id = text.to_owned();
        experiment.control = text.to_owned();
        experiment.variants = Some(vec![text.to_owned(), format!("{text}!")]);
        experiment.metrics[0].ratio.numerator = goal.clone().into();
        match layout {
            Layout::Wide(_) => return experiment,
            Layout::AggGoals(_) => {
                experiment.metrics[1].ratio.numerator = filtered(FilterOperator::Equal).into();
            }
            _ => {
                experiment.metrics[1].ratio.numerator = filtered(FilterOperator::StartsWith).into();
                let mut of_quantile = experiment.metrics[0].clone();
                of_quantile.quantile = Probability::new(0.5);
                of_quantile.ratio.denominator = exposure_goal("user").into();
                experiment.metrics.push(of_quantile);
                experiment.post_stratification = Some(dimension.clone());
            }
        }
        experiment.filters = vec![
            exposure_filter(&dimension, &[text]),
            goal_filter(&dimension, &[text]),
            trigger(&goal.name, Some((&dimension, &[text]))),
        ];
        experiment
    }

    fn tables(&self, table: &[&str], columns: &[(&str, ColumnType)]) -> Tables {
        let columns: Vec<(String, ColumnType)> = columns
            .iter()
            .map(|(prefix, kind)| (self.named(prefix), kind.clone()))
            .collect();
        let columns: Vec<(&str, ColumnType)> = columns
            .iter()
            .map(|(name, kind)| (name.as_str(), kind.clone()))
            .collect();
        let names: Vec<String> = table.iter().map(|prefix| self.named(prefix)).collect();
        let all: Vec<(&str, &[(&str, ColumnType)])> = names
            .iter()
            .map(|name| (name.as_str(), columns.as_slice()))
            .collect();
        tables(&all)
    }

    fn events(&self) -> (Layout, Tables) {
        let mut layout = events();
        if let Layout::Events {
            exposures, events, ..
        } = &mut layout
        {
            exposures.table = self.named("table_1_");
            exposures.unit_id = self.named("unit_");
            exposures.experiment = Some(self.named("experiment_"));
            exposures.variant = self.named("variant_");
            exposures.time = self.named("time_");
            events.table = self.named("table_2_");
            events.unit_id = self.named("unit_");
            events.goal = self.named("goal_");
            events.value = Some(self.named("value_"));
            events.time = self.named("time_");
        }
        let columns = [
            ("unit_", ColumnType::Text),
            ("experiment_", ColumnType::Text),
            ("variant_", ColumnType::Text),
            ("time_", TIMESTAMP),
            ("goal_", ColumnType::Text),
            ("value_", ColumnType::Number),
            ("dimension_", ColumnType::Text),
        ];
        (layout, self.tables(&["table_1_", "table_2_"], &columns))
    }

    fn goals(&self) -> (Layout, Tables) {
        let mut layout = goals();
        if let Layout::Goals { table, .. } = &mut layout {
            table.table = self.named("table_2_");
            table.experiment = self.named("experiment_");
            table.variant = self.named("variant_");
            table.unit_type = self.named("unit_type_");
            table.aggregation = self.named("aggregation_");
            table.goal = self.named("goal_");
            table.unit_id = self.named("unit_");
            table.date = Some(self.named("date_"));
            table.count = self.named("count_");
            table.value = self.named("value_");
        }
        let columns = [
            ("experiment_", ColumnType::Text),
            ("variant_", ColumnType::Text),
            ("unit_type_", ColumnType::Text),
            ("aggregation_", ColumnType::Text),
            ("goal_", ColumnType::Text),
            ("unit_", ColumnType::Text),
            ("date_", ColumnType::Date),
            ("count_", ColumnType::Integer),
            ("value_", ColumnType::Number),
            ("dimension_", ColumnType::Text),
        ];
        (layout, self.tables(&["table_2_"], &columns))
    }

    fn agg_goals(&self) -> (Layout, Tables) {
        let mut layout = agg_goals();
        if let Layout::AggGoals(table) = &mut layout {
            table.table = self.named("table_2_");
            table.experiment = self.named("experiment_");
            table.variant = self.named("variant_");
            table.unit_type = self.named("unit_type_");
            table.aggregation = self.named("aggregation_");
            table.goal = self.named("goal_");
            table.date = Some(self.named("date_"));
            table.count = self.named("count_");
            table.sum_sqr_count = self.named("sum_sqr_count_");
            table.sum_value = self.named("sum_value_");
            table.sum_sqr_value = self.named("sum_sqr_value_");
            table.count_unique = self.named("count_unique_");
            table.dimensions = None;
        }
        let columns = [
            ("experiment_", ColumnType::Text),
            ("variant_", ColumnType::Text),
            ("unit_type_", ColumnType::Text),
            ("aggregation_", ColumnType::Text),
            ("goal_", ColumnType::Text),
            ("date_", ColumnType::Date),
            ("count_", ColumnType::Integer),
            ("sum_sqr_count_", ColumnType::Integer),
            ("sum_value_", ColumnType::Number),
            ("sum_sqr_value_", ColumnType::Number),
            ("count_unique_", ColumnType::Integer),
            ("dimension_", ColumnType::Text),
        ];
        (layout, self.tables(&["table_2_"], &columns))
    }

    /// Goals are columns, so a text is a name here.
    fn wide(&self, text: &str) -> (Layout, Tables) {
        let mut layout = wide();
        if let Layout::Wide(table) = &mut layout {
            table.table = self.named("table_2_");
            table.experiment = self.named("experiment_");
            table.variant = self.named("variant_");
        }
        let (goal, squares) = (format!("a{text}"), format!("a{text}_squared"));
        let columns = [
            (self.named("experiment_"), ColumnType::Text),
            (self.named("variant_"), ColumnType::Text),
            ("exposure".to_owned(), ColumnType::Number),
            (goal, ColumnType::Number),
            (squares, ColumnType::Number),
        ];
        let columns: Vec<(&str, ColumnType)> = columns
            .iter()
            .map(|(name, kind)| (name.as_str(), kind.clone()))
            .collect();
        (layout, tables(&[(&self.named("table_2_"), &columns)]))
    }
}
