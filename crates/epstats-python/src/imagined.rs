//! Tables that nobody has shown yet: what a layout says that they have. For statements to be read before there is a database.

use std::collections::BTreeMap;

use epstats_experiment::Filter;
use epstats_plan::{ColumnType, Columns, Dialect, Layout, Plan, TableNames};
use epstats_source::sql::{Connect, Database, LookedAt, Rows, SqlSource};
use epstats_source::{FailureKind, Fetch, Refusal, Source};

/// A source without data.
pub(crate) struct Imagined {
    dialect: Dialect,
    layout: Layout,
    names: TableNames,
    /// The columns of each table, by its path.
    tables: BTreeMap<Vec<String>, Columns>,
}

const NAME: &str = "imagined";

impl Imagined {
    /// Tables that answer a plan, with the columns of the layout and the dimensions of the plan as text.
    pub(crate) fn new(dialect: Dialect, layout: Layout, names: TableNames, plan: &Plan) -> Self {
        let dimensions: Vec<&str> = dimensions(plan);
        let tables = columns(&layout, plan).into_iter().map(|(name, columns)| {
            let path = names.path(&name).into_iter().map(str::to_owned).collect();
            let mut all = typed(&dimensions, ColumnType::Text);
            all.extend(columns);
            (path, all)
        });
        let tables = tables.collect();
        Imagined {
            dialect,
            layout,
            names,
            tables,
        }
    }
}

impl Source for Imagined {
    fn name(&self) -> &str {
        NAME
    }

    fn fetch<'a>(&'a self, _: &'a Plan) -> Fetch<'a> {
        Box::pin(std::future::ready(Err(no_data().of(NAME))))
    }
}

impl SqlSource for Imagined {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn table_names(&self) -> &TableNames {
        &self.names
    }

    fn connect(&self) -> Connect<'_> {
        Box::pin(std::future::ready(Ok(
            Box::new(Tables(&self.tables)) as Box<_>
        )))
    }
}

struct Tables<'a>(&'a BTreeMap<Vec<String>, Columns>);

impl Database for Tables<'_> {
    fn rows(&self, _: String) -> Rows<'_> {
        Box::pin(std::future::ready(Err(no_data())))
    }

    fn columns<'a>(&'a self, path: &'a [&'a str]) -> LookedAt<'a> {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        let columns = self.0.get(&path).cloned().ok_or_else(no_data);
        Box::pin(std::future::ready(columns))
    }
}

/// The variants are the only thing that statements are made of and that data would tell.
fn no_data() -> Refusal {
    Refusal::new(
        FailureKind::NotAnswerable,
        "there are no data that tell the variants".to_owned(),
    )
    .help("name the `variants` in the definition, or give a source")
}

fn columns(layout: &Layout, plan: &Plan) -> Vec<(String, Columns)> {
    use ColumnType::{Number, Text};
    let moment = ColumnType::Timestamp { zoned: false };
    match layout {
        Layout::Events {
            exposures, events, ..
        } => {
            let mut seen = typed(&[&exposures.unit_id, &exposures.variant], Text);
            seen.extend(typed_if(exposures.experiment.as_deref(), Text));
            seen.insert(exposures.time.clone(), moment.clone());
            let mut done = typed(&[&events.unit_id, &events.goal], Text);
            done.extend(typed_if(events.value.as_deref(), Number));
            done.insert(events.time.clone(), moment);
            vec![
                (exposures.table.clone(), seen),
                (events.table.clone(), done),
            ]
        }
        Layout::Goals { table, .. } | Layout::UnitGoals { table, .. } => {
            let names = [
                &table.experiment,
                &table.variant,
                &table.unit_type,
                &table.aggregation,
                &table.goal,
                &table.unit_id,
            ];
            let mut columns = typed(&names.map(String::as_str), Text);
            columns.extend(typed(&[&table.count, &table.value], Number));
            columns.extend(typed_if(table.date.as_deref(), ColumnType::Date));
            vec![(table.table.clone(), columns)]
        }
        Layout::AggGoals(table) => {
            let names = [
                &table.experiment,
                &table.variant,
                &table.unit_type,
                &table.aggregation,
                &table.goal,
            ];
            let sums = [
                &table.count,
                &table.sum_sqr_count,
                &table.sum_value,
                &table.sum_sqr_value,
                &table.count_unique,
            ];
            let mut columns = typed(&names.map(String::as_str), Text);
            columns.extend(typed(&sums.map(String::as_str), Number));
            columns.extend(typed_if(table.date.as_deref(), ColumnType::Date));
            vec![(table.table.clone(), columns)]
        }
        Layout::Wide(table) => {
            let mut columns = typed(&[&table.experiment, &table.variant], Text);
            for goal in &plan.goals {
                columns.insert(goal.name.clone(), Number);
                columns.insert(format!("{}_squared", goal.name), Number);
            }
            vec![(table.table.clone(), columns)]
        }
    }
}

fn typed(names: &[&str], kind: ColumnType) -> Columns {
    let pair = |name: &&str| ((*name).to_owned(), kind.clone());
    names.iter().map(pair).collect()
}

fn typed_if(name: Option<&str>, kind: ColumnType) -> Option<(String, ColumnType)> {
    name.map(|name| (name.to_owned(), kind))
}

/// Every dimension that a plan names.
fn dimensions(plan: &Plan) -> Vec<&str> {
    let of_values = plan.unit_values.iter().flat_map(|it| it.formula.goals());
    let of_quantiles = plan.quantiles.iter().map(|it| &it.goal);
    let goals = plan.goals.iter().chain(of_values).chain(of_quantiles);
    let of_goals = goals
        .flat_map(|goal| &goal.filters)
        .map(|filter| filter.dimension.as_str());
    let of_filters = plan.filters.iter().filter_map(|filter| match filter {
        Filter::Exposure { dimension, .. } | Filter::Goal { dimension, .. } => {
            Some(dimension.as_str())
        }
        Filter::Trigger { condition, .. } => {
            condition.as_ref().map(|(dimension, _)| dimension.as_str())
        }
    });
    let strata = plan.strata.iter().map(String::as_str);
    of_goals.chain(of_filters).chain(strata).collect()
}
