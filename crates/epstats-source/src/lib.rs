//! epstats-source
