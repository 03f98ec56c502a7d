//! The first line of a file: its columns.

use csv::StringRecord;
use epstats_plan::Layout;
use epstats_plan::experiment::shorten;
use epstats_source::memory::Column;
use epstats_source::{FailureKind, Refusal};

use crate::cell;
use crate::shape::{Role, Shape};

/// The columns of a file that are read.
#[derive(Debug)]
pub(crate) struct Header {
    /// What the layout calls the columns.
    pub(crate) layout: Layout,
    /// The columns that are kept, in the order of the file.
    pub(crate) columns: Vec<Column>,
    /// Where each kept column stands in the file, and what it is for.
    pub(crate) places: Vec<(usize, Role)>,
    /// Where the name of the experiment stands among the kept columns.
    pub(crate) experiment: usize,
    /// How many cells a row has.
    pub(crate) width: usize,
}

impl Header {
    /// Finds out what the columns are for; `file` is the file as messages call it.
    pub(crate) fn read(shape: Shape, file: &str, names: &StringRecord) -> Result<Self, Refusal> {
        check_required(shape, file, names)?;
        let mut header = Header {
            layout: layout(shape, names),
            columns: Vec::new(),
            places: Vec::new(),
            experiment: 0,
            width: names.len(),
        };
        for (place, name) in names.iter().enumerate() {
            let role = shape.role(name);
            if role == Role::Ignored {
                continue;
            }
            if header.columns.iter().any(|column| column.name == name) {
                return Err(Refusal::new(
                    FailureKind::Corrupt,
                    format!("{file} has two columns `{}`", shorten(name)),
                )
                .help("keep one of the two, or rename it"));
            }
            if name == shape.experiment() {
                header.experiment = header.columns.len();
            }
            header.columns.push(Column::new(name, cell::kind(role)));
            header.places.push((place, role));
        }
        Ok(header)
    }
}

fn check_required(shape: Shape, file: &str, names: &StringRecord) -> Result<(), Refusal> {
    let is_there = |required: &&str| names.iter().any(|name| name == *required);
    let missing: Vec<&str> = shape.required().filter(|name| !is_there(name)).collect();
    let columns = match missing.len() {
        0 => return Ok(()),
        1 => "column",
        _ => "columns",
    };
    let help = match names.len() {
        1 => "columns are separated by commas, and the first line names them".to_owned(),
        _ => format!("its first line names {}", listed(names.iter())),
    };
    let message = format!("{file} has no {columns} {}", listed(missing.into_iter()));
    Err(Refusal::new(FailureKind::MissingColumn, message).help(help))
}

/// Names in a row; those of a file may be many and long.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 30;
    let mut quoted: Vec<String> = names.map(|name| format!("`{}`", shorten(name))).collect();
    if quoted.len() > MOST {
        quoted.truncate(MOST);
        quoted.push("…".to_owned());
    }
    quoted.join(", ")
}

fn layout(shape: Shape, names: &StringRecord) -> Layout {
    let of_role = |role: Role| names.iter().filter(move |name| shape.role(name) == role);
    let has_date = of_role(Role::Date).next().is_some();
    let dimensions = of_role(Role::Dimension).map(str::to_owned).collect();
    shape.layout(has_date, dimensions)
}
