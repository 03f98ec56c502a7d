//! What a database calls the tables of a layout.

use std::collections::BTreeMap;

/// The path of each table in its database, by the name that the layout knows it by.
///
/// A path is what stands between the dots: catalog or database, schema, table. A table without a path is called as in the layout.
///
/// ```
/// use epstats_plan::TableNames;
/// let names = TableNames::from([("events".to_owned(), vec!["web".to_owned(), "tracking".to_owned()])]);
/// assert_eq!(names.path("events"), ["web", "tracking"]);
/// assert_eq!(names.path("exposures"), ["exposures"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableNames(BTreeMap<String, Vec<String>>);

impl TableNames {
    /// The path of a table.
    #[must_use]
    pub fn path<'a>(&'a self, table: &'a str) -> Vec<&'a str> {
        match self.0.get(table) {
            Some(path) => path.iter().map(String::as_str).collect(),
            None => vec![table],
        }
    }

    /// Has the table another name in the database?
    #[must_use]
    pub fn renames(&self, table: &str) -> bool {
        self.0.get(table).is_some_and(|path| *path != [table])
    }
}

impl<const N: usize> From<[(String, Vec<String>); N]> for TableNames {
    fn from(names: [(String, Vec<String>); N]) -> Self {
        TableNames(BTreeMap::from(names))
    }
}

impl FromIterator<(String, Vec<String>)> for TableNames {
    fn from_iter<I: IntoIterator<Item = (String, Vec<String>)>>(names: I) -> Self {
        TableNames(names.into_iter().collect())
    }
}
