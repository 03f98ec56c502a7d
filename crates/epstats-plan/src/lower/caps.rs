//! Keeping numbers of units between caps: the steps from one row per unit to one row per unit with capped numbers.
//!
//! Limits at quantiles of all units together are found beside the rows of the units, so that these are made once.

use crate::lower::names::Names;
use crate::lower::quantile::{Quantile, n_rows, place};
use crate::lower::totals::{CappedTotal, capped_name, total_name};
use crate::lower::unit_values::Bound;
use crate::query::{Column, Comparison, Expression, Select, Step};

/// Rows of units whose numbers are to be capped.
pub(crate) struct Capping<'a> {
    /// The step that has them.
    pub(crate) from: String,
    /// Its columns, all of which the last step has, too.
    pub(crate) columns: Vec<String>,
    /// The condition that drops units that do not count.
    pub(crate) assigned: Option<Expression>,
    /// What the units of one pool have in common.
    pub(crate) pool: Vec<Expression>,
    pub(crate) capped: &'a [CappedTotal],
}

impl Capping<'_> {
    /// The steps; the last one has the capped numbers, and the limits that are quantiles.
    pub(crate) fn steps(&self, names: &Names) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut from = self.from.clone();
        let mut carried = self.columns.clone();
        let pooled = self.pooled();
        if !pooled.is_empty() {
            let ranked = names.step("ranked");
            let mut columns = same(&carried);
            let mut totals: Vec<usize> = pooled.iter().map(|limit| limit.total).collect();
            totals.sort_unstable();
            totals.dedup();
            columns.extend(totals.into_iter().map(|total| {
                place(&self.pool, Expression::column(&total_name(total))).named(place_name(total))
            }));
            columns.push(n_rows(&self.pool).named(POOL));
            let select = Select::of(columns, &from).filtered(self.assigned.clone());
            steps.push(Step {
                name: ranked.clone(),
                note: "each unit with the place of its numbers among all units",
                select,
            });

            let neighbours = names.step("neighbours");
            let mut columns = same(&carried);
            columns.push(Expression::column(POOL).named(POOL));
            for limit in &pooled {
                let found = limit.quantile(&self.pool).neighbours();
                let names = limit.neighbours();
                columns.extend(
                    found
                        .into_iter()
                        .zip(names)
                        .map(|(of, name)| of.named(name)),
                );
            }
            steps.push(Step {
                name: neighbours.clone(),
                note: "beside each unit the two numbers around each quantile",
                select: Select::of(columns, &ranked),
            });

            from = names.step("limited");
            let mut columns = same(&carried);
            for limit in &pooled {
                let [below, above] = limit.neighbours().map(|name| Expression::column(&name));
                let value = limit.quantile(&self.pool).between(below, above);
                // A pool is never empty, so this changes nothing but what planners think of NULL: DataFusion 55 contradicts itself otherwise.
                let number = Expression::column(&total_name(limit.total));
                let value = Expression::Coalesce(vec![value, number]);
                columns.push(value.named(limit.name()));
            }
            steps.push(Step {
                name: from.clone(),
                note: "beside each unit the limits at quantiles",
                select: Select::of(columns, &neighbours),
            });
            carried.extend(pooled.iter().map(PooledLimit::name));
        }
        let mut columns = same(&carried);
        columns.extend(
            self.capped
                .iter()
                .enumerate()
                .map(|(index, capped)| kept(index, *capped).named(capped_name(index))),
        );
        steps.push(Step {
            name: names.step("capped"),
            note: "the numbers of each unit kept between their limits",
            select: Select::of(columns, &from),
        });
        steps
    }

    fn pooled(&self) -> Vec<PooledLimit> {
        let mut pooled = Vec::new();
        for (index, capped) in self.capped.iter().enumerate() {
            for (side, bound) in capped.bounds.sides().into_iter().enumerate() {
                if let Some(Bound::Pooled(level)) = bound {
                    pooled.push(PooledLimit {
                        index,
                        side,
                        total: capped.total,
                        level,
                    });
                }
            }
        }
        pooled
    }
}

/// A limit at a quantile.
struct PooledLimit {
    /// Position among the capped numbers.
    index: usize,
    /// Lower or upper.
    side: usize,
    total: usize,
    level: f64,
}

impl PooledLimit {
    fn quantile<'p>(&self, pool: &'p [Expression]) -> Quantile<'p> {
        Quantile {
            part: pool,
            values: Expression::column(&total_name(self.total)),
            place: Expression::column(&place_name(self.total)),
            n_rows: Expression::column(POOL),
            level: Expression::Number(self.level),
        }
    }

    fn name(&self) -> String {
        limit_name(self.index, self.side)
    }

    fn neighbours(&self) -> [String; 2] {
        let name = self.name();
        [format!("{name}_from"), format!("{name}_to")]
    }
}

/// A limit, as the last step has it.
pub(crate) fn limit(index: usize, side: usize, bound: Bound) -> Expression {
    match bound {
        Bound::Given(number) => Expression::Number(number),
        Bound::Pooled(_) => Expression::column(&limit_name(index, side)),
    }
}

/// Is a number beyond a limit?
pub(crate) fn beyond(index: usize, side: usize, bound: Bound, total: usize) -> Expression {
    let comparison = [Comparison::Less, Comparison::Greater][side];
    Expression::column(&total_name(total)).compared(comparison, limit(index, side, bound))
}

/// Name of the column of a limit.
pub(crate) fn limit_name(index: usize, side: usize) -> String {
    format!("{}_limit_{index}", ["lower", "upper"][side])
}

/// The number, or the limit that it is beyond; what is NaN or infinite stays so, and is found later.
fn kept(index: usize, capped: CappedTotal) -> Expression {
    let number = Expression::column(&total_name(capped.total));
    let is_finite = [
        number
            .clone()
            .compared(Comparison::GreaterOrEqual, Expression::Number(f64::MIN)),
        number
            .clone()
            .compared(Comparison::LessOrEqual, Expression::Number(f64::MAX)),
    ];
    let sides = capped.bounds.sides().into_iter().enumerate();
    let branches = sides.filter_map(|(side, bound)| {
        let bound = bound?;
        let is_beyond = beyond(index, side, bound, capped.total);
        let condition = Expression::all(vec![is_beyond, is_finite[side].clone()]);
        Some((condition, limit(index, side, bound)))
    });
    Expression::Case(branches.collect(), Some(Box::new(number)))
}

fn same(names: &[String]) -> Vec<Column> {
    names
        .iter()
        .map(|name| Expression::column(name).named(name))
        .collect()
}

fn place_name(total: usize) -> String {
    format!("place_{total}")
}

/// Name of the column with the number of units in the pool.
const POOL: &str = "n_pool";
