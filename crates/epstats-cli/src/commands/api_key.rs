//! `epstats api-key`: a new key for the service, and the line that stands for it in the settings.

use epstats_server::NewApiKey;

use crate::args::ApiKey;
use crate::failure::{CommandError, Exit};
use crate::terminal::Terminal;

pub(crate) fn run(arguments: &ApiKey, terminal: &mut Terminal) -> Result<Exit, CommandError> {
    let name = arguments.name.trim();
    if name.is_empty() || name.contains(['\n', ',', '#']) {
        return Err(CommandError::usage(
            "invalid-name",
            format!("`{}` cannot be the name of a key", arguments.name),
            Some("letters, digits and hyphens will do"),
        ));
    }
    let new = NewApiKey::random(name).map_err(|error| CommandError::File {
        code: "no-random-bits",
        message: format!("the system gives no random bits: {error}"),
        help: None,
        exit: Exit::SourceFailed,
    })?;
    terminal.error("the key, for the client; it is kept nowhere:");
    terminal.print(&format!("{}\n", new.key));
    terminal.error("the line for the settings, which tells nobody the key:");
    terminal.print(&format!("{}\n", new.line));
    Ok(Exit::Fine)
}
