//! epstats-formula
