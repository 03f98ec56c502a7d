//! The printer that all dialects share: the shape of statements. What databases say differently is asked of a [`Speech`].

mod expression;
mod operand;
mod pattern;
mod speech;

use crate::TableNames;
use crate::query::{Column, Expression, Query, Relation, Select};
pub(super) use operand::Binding;
pub(super) use pattern::escaped;
pub(super) use speech::{
    Speech, added_in_days, in_parts, in_utc, is_day, moment_kind, only_where, ordered, sign,
};

/// Prints for one dialect.
pub(super) struct Printer<'a> {
    speech: &'a dyn Speech,
    names: &'a TableNames,
}

impl Printer<'_> {
    /// A statement, indented for people.
    pub(super) fn print(speech: &dyn Speech, query: &Query, names: &TableNames) -> String {
        Printer { speech, names }.query(query)
    }

    fn query(&self, query: &Query) -> String {
        let mut text = String::new();
        for (position, step) in query.steps.iter().enumerate() {
            text += if position == 0 { "WITH " } else { ",\n" };
            text += &self.speech.name(&step.name);
            text += " AS (\n";
            text += &format!("  -- {}\n", step.note);
            text += &self.select(&step.select, 1);
            text += "\n)";
        }
        if !query.steps.is_empty() {
            text.push('\n');
        }
        text + &self.select(&query.answer, 0)
    }

    fn select(&self, select: &Select, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut lines = vec![format!("{indent}SELECT")];
        let last = select.columns.len().saturating_sub(1);
        for (position, column) in select.columns.iter().enumerate() {
            let comma = if position == last { "" } else { "," };
            lines.push(format!("{indent}  {}{comma}", self.aliased(column)));
        }
        lines.push(format!("{indent}FROM {}", self.relation(&select.from)));
        if let Some(join) = &select.left_join {
            let joined = self.relation(&join.relation);
            lines.push(format!("{indent}LEFT JOIN {joined}"));
            self.conjunction(&mut lines, &format!("{indent}  "), "ON", &join.on);
        }
        self.conjunction(&mut lines, &indent, "WHERE", &select.conditions);
        if !select.group_by.is_empty() {
            lines.push(format!("{indent}GROUP BY {}", self.list(&select.group_by)));
        }
        lines.join("\n")
    }

    /// A table or step under the name that columns are qualified with.
    fn relation(&self, of: &Relation) -> String {
        let path = self.names.path(&of.name).into_iter();
        let path: Vec<String> = path.map(|part| self.speech.name(part)).collect();
        let path = path.join(".");
        if self.names.renames(&of.name) {
            format!("{path} AS {}", self.speech.name(&of.name))
        } else {
            path
        }
    }

    fn conjunction(
        &self,
        lines: &mut Vec<String>,
        indent: &str,
        keyword: &str,
        conditions: &[Expression],
    ) {
        for (position, condition) in conditions.iter().enumerate() {
            let condition = self.condition_operand(condition, Binding::And);
            lines.push(if position == 0 {
                format!("{indent}{keyword} {condition}")
            } else {
                format!("{indent}  AND {condition}")
            });
        }
    }

    fn aliased(&self, column: &Column) -> String {
        let expression = self.expression(&column.expression);
        let name = self.speech.name(&column.name);
        if expression == name {
            name
        } else {
            format!("{expression} AS {name}")
        }
    }
}
