//! `epstats demo`: a made-up shop with known true effects.

use epstats_demo::{Options, generate};

use crate::args::Demo;
use crate::failure::{CommandError, Exit};
use crate::progress;
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &Demo, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let options = Options {
        units: arguments.units,
        seed: arguments.seed,
        out: arguments.out.clone(),
        ..Options::default()
    };
    let bar =
        (terminal.shows_progress() && !arguments.quiet).then(|| progress::units(arguments.units));
    let written = generate(&options, &mut |progress| {
        if let Some(bar) = &bar {
            bar.set_position(progress.units_done);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let written = written?;
    terminal.print(&format!(
        "wrote {} exposures and {} events of {} units\n\
         exposures    {}\n\
         events       {}\n\
         experiment   {}\n\
         sources      {}\n\
         true effects {}\n\
         \n\
         evaluate it:\n  epstats evaluate {} --config {} --source demo\n",
        written.exposure_rows,
        written.event_rows,
        arguments.units,
        written.exposures.display(),
        written.events.display(),
        written.definition.display(),
        written.sources.display(),
        written.truth.display(),
        written.definition.display(),
        written.sources.display(),
    ));
    Ok(Exit::Fine)
}
