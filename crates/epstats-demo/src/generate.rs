//! From options to files.

use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use crate::folder::{self, Draft};
use crate::log::Log;
use crate::population::{Population, stream};
use crate::shop::Shop;
use crate::{DemoError, Options, definition, truth, write};

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Units that have done everything they do.
    pub units_done: u64,
    /// Events of these units.
    pub event_rows: u64,
}

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Folder of the exposures, in files `part-0.parquet` and so on.
    pub exposures: PathBuf,
    /// Folder of the events, likewise.
    pub events: PathBuf,
    /// Definition of the experiment.
    pub definition: PathBuf,
    /// Definition of the source `demo`.
    pub sources: PathBuf,
    /// True effects.
    pub truth: PathBuf,
    /// Files of exposures; there are as many of events.
    pub files: u64,
    /// Rows of exposures, those of another experiment among them.
    pub exposure_rows: u64,
    /// Rows of events.
    pub event_rows: u64,
}

/// How many units pass between two reports of progress.
const REPORT_EVERY: u64 = 10_000;

/// Makes the shop and writes it to `options.out`; tells `progress` every 10,000 units and after each file.
///
/// Everything is written beside the place where it belongs and put there at the end. An earlier demo is replaced,
/// and other files in its folder are left alone.
///
/// # Errors
///
/// When an option is out of range, when the folder holds something else than a demo, and when the file system
/// refuses. The folder is then as it was before.
pub fn generate(
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, DemoError> {
    options.check()?;
    let draft = Draft::begin(&options.out)?;
    let shop = Shop::new(options.days);
    let population = Population::new(options.units);
    let mut log = Log::default();
    let mut done = Progress::default();
    let mut written = Written::nothing(options);
    for (number, units) in parts(options).enumerate() {
        let rows_before = done.event_rows;
        log.clear();
        for index in units {
            let mut rng = stream(options.seed, index);
            let unit = population.unit(index, &shop.calendar, &mut rng);
            shop.visit(&unit, &mut rng, &mut log);
            done.units_done += 1;
            if done.units_done.is_multiple_of(REPORT_EVERY) {
                done.event_rows = rows_before + log.events.len() as u64;
                progress(done);
            }
        }
        log.sort();
        let name = format!("part-{number}.parquet");
        write::exposures(&draft.path(folder::EXPOSURES).join(&name), &log.exposures)?;
        write::events(&draft.path(folder::EVENTS).join(&name), &log.events)?;
        written.files += 1;
        written.exposure_rows += log.exposures.len() as u64;
        written.event_rows += log.events.len() as u64;
        done.event_rows = written.event_rows;
        progress(done);
    }
    let texts = [
        (folder::DEFINITION, definition::experiment(&shop.calendar)),
        (folder::SOURCES, definition::sources()),
        (folder::TRUTH, truth::render(options, &shop.calendar)),
    ];
    for (name, text) in texts {
        let path = draft.path(name);
        fs::write(&path, text).map_err(DemoError::write(path))?;
    }
    draft.publish()?;
    Ok(written)
}

impl Written {
    fn nothing(options: &Options) -> Self {
        let path = |name| options.out.join(name);
        Written {
            exposures: path(folder::EXPOSURES),
            events: path(folder::EVENTS),
            definition: path(folder::DEFINITION),
            sources: path(folder::SOURCES),
            truth: path(folder::TRUTH),
            files: 0,
            exposure_rows: 0,
            event_rows: 0,
        }
    }
}

/// The units of each file.
fn parts(options: &Options) -> impl Iterator<Item = Range<u64>> {
    let Options {
        units,
        units_per_file,
        ..
    } = *options;
    (0..units.div_ceil(units_per_file)).map(move |part| {
        let start = part * units_per_file;
        start..(start + units_per_file).min(units)
    })
}
