//! Goals by unit that a `Dao` tells, as a source: exact moments of whatever a plan asks for.
//!
//! A Dao answers in the words of ep-stats: the cell of a dimension holds what a formula says after the name, `>18` for `age>18`, and is compared as it
//! is. The rooms of sources compare values themselves. So each filter becomes a column that tells whether a row passes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, Field, Schema};
use epstats_experiment::UnitValue;
use epstats_experiment::formula::{DimensionFilter, FilterOperator, Formula, Goal, Part};
use epstats_plan::{Dialect, GoalTable, Layout, Plan};
use epstats_source::sql::statements;
use epstats_source::{FailureKind, Fetch, Refusal, Source, SourceError};
use epstats_sources::{BatchTable, FilesSource};
use pyo3::prelude::*;

use crate::agg::NAMES;
use crate::failure;
use crate::formula::cell_of;
use crate::frame::{Frame, NULL, Texts};

const UNIT_ID: &str = "unit_id";
const AMOUNTS: [&str; 2] = ["count", "sum_value"];
/// The table of the layout.
const TABLE: &str = "goals";
/// What a row that passes has in the column of a filter.
const PASSES: &str = "passes";

/// Goals by unit in memory, for plans that have the filters of the one they were read for.
pub(crate) struct UnitGoals {
    rows: FilesSource,
}

impl UnitGoals {
    /// Reads the columns that a plan needs.
    pub(crate) fn read(name: &str, frame: &Bound<'_, PyAny>, plan: &Plan) -> PyResult<Self> {
        let py = frame.py();
        let filters = Filters::of(plan);
        let strata: Vec<&str> = plan.strata.iter().map(String::as_str).collect();
        let dimensions: BTreeSet<&str> = filters.dimensions().collect();
        let frame = Frame::read(frame, |name| {
            NAMES.contains(&name)
                || name == UNIT_ID
                || AMOUNTS.contains(&name)
                || dimensions.contains(name)
                || strata.contains(&name)
        })?;
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for name in NAMES.into_iter().chain([UNIT_ID]).chain(strata) {
            columns.push((name.to_owned(), texts(py, &frame.texts(py, name)?)?));
        }
        for name in AMOUNTS {
            columns.push((name.to_owned(), numbers(frame.numbers(py, name)?)));
        }
        for (filter, column) in &filters.0 {
            let cells = passing(frame.texts(py, &filter.dimension)?, filter);
            columns.push((column.clone(), texts(py, &cells)?));
        }
        let table = table(columns).map_err(|error| unreadable(py, error))?;
        let rows = FilesSource::new(name, layout(), BTreeMap::new()).with_batches(TABLE, table);
        Ok(UnitGoals { rows })
    }

    /// The statements that answer a plan.
    pub(crate) async fn statements(
        &self,
        plan: &Plan,
        dialect: Option<Dialect>,
    ) -> Result<Vec<String>, SourceError> {
        statements(&self.rows, &Filters::of(plan).plan(plan), dialect).await
    }
}

impl Source for UnitGoals {
    fn name(&self) -> &str {
        self.rows.name()
    }

    fn fetch<'a>(&'a self, plan: &'a Plan) -> Fetch<'a> {
        Box::pin(async move {
            let asked = Filters::of(plan).plan(plan);
            let mut statistics = self.rows.fetch(&asked).await?;
            statistics.goals.clone_from(&plan.goals);
            statistics.unit_values.clone_from(&plan.unit_values);
            Ok(statistics)
        })
    }
}

/// The filters of a plan, and the column of each.
struct Filters(BTreeMap<DimensionFilter, String>);

impl Filters {
    fn of(plan: &Plan) -> Self {
        let of_values = plan.unit_values.iter().flat_map(|it| it.formula.goals());
        let goals = plan.goals.iter().chain(of_values);
        let filters: BTreeSet<&DimensionFilter> = goals.flat_map(|goal| &goal.filters).collect();
        let filters = filters.into_iter().enumerate();
        // Names of dimensions have no spaces.
        Filters(
            filters
                .map(|(place, filter)| (filter.clone(), format!("filter {place}")))
                .collect(),
        )
    }

    fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|filter| filter.dimension.as_str())
    }

    /// The plan on columns of filters. The Dao knows the days, and has applied the filters of the experiment.
    fn plan(&self, plan: &Plan) -> Plan {
        let value = |value: &UnitValue| UnitValue {
            formula: self.formula(&value.formula),
            ..value.clone()
        };
        Plan {
            days: (None, None),
            filters: Vec::new(),
            goals: plan.goals.iter().map(|goal| self.goal(goal)).collect(),
            unit_values: plan.unit_values.iter().map(value).collect(),
            ..plan.clone()
        }
    }

    fn formula(&self, formula: &Formula) -> Formula {
        formula.fold(|part| match part {
            Part::Goal(goal) => Formula::from(self.goal(goal)),
            Part::Number(number) => Formula::number(number),
            Part::Operation(operator, left, right) => Formula::operation(operator, left, right),
        })
    }

    fn goal(&self, goal: &Goal) -> Goal {
        let column = |filter: &DimensionFilter| DimensionFilter {
            dimension: self.0.get(filter).cloned().unwrap_or_default(),
            operator: FilterOperator::Equal,
            value: PASSES.to_owned(),
        };
        Goal {
            filters: goal.filters.iter().map(column).collect(),
            ..goal.clone()
        }
    }
}

/// Which cells pass a filter.
fn passing(cells: Texts, filter: &DimensionFilter) -> Texts {
    let cell = cell_of(filter);
    let whole = format!("{}{}", filter.operator, filter.value);
    let passes = cells.matching(|text| text == cell || text == whole);
    let code = |code: u32| {
        let passes = passes.get(code as usize).is_some_and(|&passes| passes);
        if passes { 0 } else { NULL }
    };
    Texts {
        codes: cells.codes.into_iter().map(code).collect(),
        values: vec![PASSES.into()],
    }
}

fn texts(py: Python<'_>, texts: &Texts) -> PyResult<ArrayRef> {
    let key = |&code: &u32| (code != NULL).then_some(code);
    let keys: UInt32Array = texts.codes.iter().map(key).collect();
    let values: StringArray = texts.values.iter().map(|text| Some(&**text)).collect();
    let array = DictionaryArray::<UInt32Type>::try_new(keys, Arc::new(values));
    array
        .map(|array| Arc::new(array) as ArrayRef)
        .map_err(|error| unreadable(py, error))
}

fn numbers(numbers: Vec<f64>) -> ArrayRef {
    let number = |number: f64| (!number.is_nan()).then_some(number);
    Arc::new(numbers.into_iter().map(number).collect::<Float64Array>())
}

fn table(columns: Vec<(String, ArrayRef)>) -> Result<BatchTable, ArrowError> {
    let field = |(name, array): &(String, ArrayRef)| {
        Field::new(name.as_str(), array.data_type().clone(), true)
    };
    let schema = Arc::new(Schema::new(
        columns.iter().map(field).collect::<Vec<Field>>(),
    ));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    Ok(BatchTable {
        schema,
        batches: vec![batch],
    })
}

fn unreadable(py: Python<'_>, error: ArrowError) -> PyErr {
    let message = format!("the frame cannot be read: {error}");
    failure::refused(py, Refusal::new(FailureKind::Other, message).because(error))
}

fn layout() -> Layout {
    let [experiment, variant, unit_type, aggregation, goal] = NAMES.map(str::to_owned);
    let [count, value] = AMOUNTS.map(str::to_owned);
    Layout::UnitGoals {
        table: GoalTable {
            table: TABLE.to_owned(),
            experiment,
            variant,
            unit_type,
            aggregation,
            goal,
            unit_id: UNIT_ID.to_owned(),
            date: None,
            count,
            value,
            dimensions: None,
        },
        inconsistent_units: None,
    }
}
