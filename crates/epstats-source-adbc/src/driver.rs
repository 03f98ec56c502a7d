//! Drivers, loaded once each.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use adbc_core::LOAD_FLAG_DEFAULT;
use adbc_core::error::{Error, Status};
use adbc_core::options::AdbcVersion;
use adbc_driver_manager::ManagedDriver;
use epstats_source::{FailureKind, Refusal};

use crate::Settings;
use crate::failure::DriverFailure;

/// Loaded drivers by name and entry point. They stay: some have threads of their own, which would go on running without their code.
static LOADED: Mutex<BTreeMap<(String, Option<String>), ManagedDriver>> =
    Mutex::new(BTreeMap::new());

/// Loads a driver, or finds it loaded.
pub(crate) fn load(settings: &Settings) -> Result<ManagedDriver, Refusal> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (settings.driver.clone(), settings.entrypoint.clone());
    if let Some(driver) = loaded.get(&key) {
        return Ok(driver.clone());
    }
    let driver = match with_version(settings, AdbcVersion::V110) {
        Err(error) if error.status == Status::NotImplemented => {
            with_version(settings, AdbcVersion::V100)
        }
        driver => driver,
    };
    let driver = driver.map_err(|error| not_found(settings, &error))?;
    loaded.insert(key, driver.clone());
    Ok(driver)
}

fn with_version(settings: &Settings, version: AdbcVersion) -> Result<ManagedDriver, Error> {
    ManagedDriver::load_from_name(
        &settings.driver,
        settings.entrypoint.as_deref().map(str::as_bytes),
        version,
        LOAD_FLAG_DEFAULT,
        None,
    )
}

fn not_found(settings: &Settings, error: &Error) -> Refusal {
    let reason = error.message.lines().next().unwrap_or_default();
    let reason = reason.trim_start_matches("Error with dynamic library: ");
    Refusal::new(
        FailureKind::DriverNotFound,
        format!("the driver `{}` cannot be loaded: {reason}", settings.driver),
    )
    .help("install the driver of the database, and name its library by its whole path; a library with an unusual entry point needs `entrypoint`")
    .because(DriverFailure::new(settings, error))
}
