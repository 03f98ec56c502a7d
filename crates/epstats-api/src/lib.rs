//! epstats-api
