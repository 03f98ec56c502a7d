//! epstats-cli
