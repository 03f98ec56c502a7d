//! From the columns of tables to a mapping: which column most likely plays which part.

use epstats_plan::look::Role;
use epstats_plan::{ColumnType, Columns};

/// A mapping that names and types of columns suggest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The layout.
    pub layout: &'static str,
    /// The tables: field of the definition, position among the given tables, and the columns by field.
    pub tables: Vec<GuessedTable>,
}

/// One table of a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuessedTable {
    /// The field of the definition: `exposures`, `events` or `table`.
    pub field: &'static str,
    /// Which of the given tables it is.
    pub position: usize,
    /// The columns.
    pub columns: Vec<GuessedColumn>,
}

/// A part, and the column that most likely plays it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuessedColumn {
    /// The field of the definition.
    pub field: &'static str,
    /// The column; `None` where none looks like it.
    pub column: Option<String>,
    /// Columns whose type would do.
    pub choices: Vec<String>,
    /// May a table lack it?
    pub is_optional: bool,
}

/// The tables cannot be of any layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoGuess(String);

/// Guesses the layout and the mapping of one or two tables.
///
/// # Errors
///
/// [`NoGuess`] where no layout has so many tables, or where neither table has variants.
pub fn guess_mapping(tables: &[Columns]) -> Result<Guess, NoGuess> {
    match tables {
        [one] => Ok(of_one(one)),
        [one, other] => {
            let variant = |columns| find(columns, &EXPOSURES[2]).is_some();
            let exposures = match (variant(one), variant(other)) {
                (true, false) => 0,
                (false, true) => 1,
                (true, true) if find(one, &EVENTS[1]).is_none() => 0,
                (true, true) => 1,
                (false, false) => {
                    return Err(NoGuess(
                        "neither table has a column that looks like a variant, such as `variant` or `arm`".to_owned(),
                    ));
                }
            };
            let table = |field, position: usize, parts: &[Wanted]| {
                GuessedTable::of(field, position, &tables[position], parts)
            };
            Ok(Guess {
                layout: "events",
                tables: vec![
                    table("exposures", exposures, &EXPOSURES),
                    table("events", 1 - exposures, &EVENTS),
                ],
            })
        }
        _ => Err(NoGuess(format!(
            "expected one table or two, found {}",
            tables.len()
        ))),
    }
}

fn of_one(columns: &Columns) -> Guess {
    let has = |name: &str| columns.keys().any(|column| plain(column) == name);
    let (layout, parts): (_, &[Wanted]) = if has("sumsqrcount") || has("countunique") {
        ("agg-goals", &AGG_GOALS)
    } else if find(columns, &GOALS[4]).is_none() {
        ("wide", &WIDE)
    } else if has("sumvalue") {
        ("unit-goals", &UNIT_GOALS)
    } else {
        ("goals", &GOALS)
    };
    Guess {
        layout,
        tables: vec![GuessedTable::of("table", 0, columns, parts)],
    }
}

/// A part for which a column is wanted, and how such columns are usually called.
struct Wanted {
    field: &'static str,
    role: Role,
    is_optional: bool,
    names: &'static [&'static str],
}

const fn wanted(field: &'static str, role: Role, names: &'static [&'static str]) -> Wanted {
    Wanted {
        field,
        role,
        is_optional: false,
        names,
    }
}

const fn optional(field: &'static str, role: Role, names: &'static [&'static str]) -> Wanted {
    Wanted {
        field,
        role,
        is_optional: true,
        names,
    }
}

const UNIT_NAMES: &[&str] = &[
    "unitid",
    "userid",
    "uid",
    "visitorid",
    "deviceid",
    "sessionid",
    "customerid",
    "clientid",
    "anonymousid",
    "accountid",
    "memberid",
    "unit",
    "user",
    "id",
];
const EXPERIMENT_NAMES: &[&str] = &[
    "expid",
    "experimentid",
    "experiment",
    "experimentname",
    "exp",
    "testid",
    "test",
    "flag",
];
const VARIANT_NAMES: &[&str] = &[
    "expvariantid",
    "variantid",
    "variant",
    "variantname",
    "variation",
    "variationid",
    "arm",
    "testgroup",
    "group",
    "bucket",
    "treatment",
];
const TIME_NAMES: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "eventtime",
    "exposuretime",
    "eventtimestamp",
    "occurredat",
    "createdat",
    "at",
    "datetime",
    "date",
    "day",
];
const GOAL_NAMES: &[&str] = &[
    "goal",
    "eventname",
    "event",
    "name",
    "eventtype",
    "action",
    "type",
];
const VALUE_NAMES: &[&str] = &["value", "amount", "revenue", "price", "total", "sumvalue"];

const EXPOSURES: [Wanted; 4] = [
    wanted("unit_id", Role::UnitId, UNIT_NAMES),
    optional("experiment", Role::Name, EXPERIMENT_NAMES),
    wanted("variant", Role::Name, VARIANT_NAMES),
    wanted("time", Role::Time, TIME_NAMES),
];
const EVENTS: [Wanted; 4] = [
    wanted("unit_id", Role::UnitId, UNIT_NAMES),
    wanted("goal", Role::Name, GOAL_NAMES),
    optional("value", Role::Number, VALUE_NAMES),
    wanted("time", Role::Time, TIME_NAMES),
];
const GOALS: [Wanted; 9] = goals(&["value", "amount", "revenue"]);
const UNIT_GOALS: [Wanted; 9] = goals(&["sumvalue", "value"]);
const AGG_GOALS: [Wanted; 11] = [
    wanted("exp_id", Role::Name, EXPERIMENT_NAMES),
    wanted("exp_variant_id", Role::Name, VARIANT_NAMES),
    wanted("unit_type", Role::Name, &["unittype"]),
    wanted("agg_type", Role::Name, &["aggtype", "aggregation"]),
    wanted("goal", Role::Name, GOAL_NAMES),
    optional("date", Role::Time, &["date", "day", "time", "timestamp"]),
    wanted("count", Role::Number, &["count", "n"]),
    wanted("sum_sqr_count", Role::Number, &["sumsqrcount"]),
    wanted("sum_value", Role::Number, &["sumvalue", "value"]),
    wanted("sum_sqr_value", Role::Number, &["sumsqrvalue"]),
    wanted("count_unique", Role::Number, &["countunique", "uniques"]),
];
const WIDE: [Wanted; 2] = [
    wanted("exp_id", Role::Name, EXPERIMENT_NAMES),
    wanted("exp_variant_id", Role::Name, VARIANT_NAMES),
];

const fn goals(values: &'static [&'static str]) -> [Wanted; 9] {
    [
        wanted("exp_id", Role::Name, EXPERIMENT_NAMES),
        wanted("exp_variant_id", Role::Name, VARIANT_NAMES),
        wanted("unit_type", Role::Name, &["unittype"]),
        wanted("agg_type", Role::Name, &["aggtype", "aggregation"]),
        wanted("goal", Role::Name, GOAL_NAMES),
        wanted("unit_id", Role::UnitId, UNIT_NAMES),
        optional("date", Role::Time, &["date", "day", "time", "timestamp"]),
        wanted("count", Role::Number, &["count", "n"]),
        wanted("value", Role::Number, values),
    ]
}

impl GuessedTable {
    fn of(field: &'static str, position: usize, columns: &Columns, parts: &[Wanted]) -> Self {
        let columns = parts.iter().map(|part| GuessedColumn {
            field: part.field,
            column: find(columns, part),
            choices: suitable(columns, part.role).map(str::to_owned).collect(),
            is_optional: part.is_optional,
        });
        GuessedTable {
            field,
            position,
            columns: columns.collect(),
        }
    }
}

/// The column with the most telling name among those whose type will do; for moments, the only one will do under any name.
fn find(columns: &Columns, part: &Wanted) -> Option<String> {
    let by_name = part.names.iter().find_map(|name| {
        let mut columns = suitable(columns, part.role);
        columns.find(|column| plain(column) == *name)
    });
    let only = || {
        let mut columns = suitable(columns, part.role);
        let only = columns.next().filter(|_| part.role == Role::Time);
        only.filter(|_| columns.next().is_none())
    };
    by_name.or_else(only).map(str::to_owned)
}

fn suitable(columns: &Columns, role: Role) -> impl Iterator<Item = &str> {
    let columns = columns.iter();
    columns
        .filter(move |(_, kind)| match role {
            Role::Name => matches!(kind, ColumnType::Text | ColumnType::Written(_)),
            Role::UnitId => !matches!(
                kind,
                ColumnType::Boolean | ColumnType::Date | ColumnType::Timestamp { .. }
            ),
            Role::Time => matches!(kind, ColumnType::Date | ColumnType::Timestamp { .. }),
            Role::Number => matches!(kind, ColumnType::Integer | ColumnType::Number),
            Role::Dimension => true,
        })
        .map(|(name, _)| name.as_str())
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
