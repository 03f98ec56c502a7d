//! Where a result goes: standard output, or a file that is written whole or not at all.

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::CommandError;
use crate::terminal::Terminal;

/// Writes text to the file, or prints it where no file is named.
pub(crate) fn deliver(
    text: &str,
    file: Option<&Path>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    match file {
        None => {
            terminal.print(text);
            Ok(())
        }
        Some(path) => {
            write_whole(text, path).map_err(|error| CommandError::unwritable(path, &error))
        }
    }
}

/// Writes beside the file and renames, so that a reader sees the old text or the new, never a part.
fn write_whole(text: &str, path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    let mut beside = NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    keep_rights(beside.as_file(), path)?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is for its owner only; a result has the rights of the file that it replaces, or the usual ones.
#[cfg(unix)]
fn keep_rights(file: &std::fs::File, path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_or(0o644, |metadata| metadata.permissions().mode());
    file.set_permissions(std::fs::Permissions::from_mode(mode & 0o777))
}

#[cfg(not(unix))]
fn keep_rights(_: &std::fs::File, _: &Path) -> std::io::Result<()> {
    Ok(())
}
