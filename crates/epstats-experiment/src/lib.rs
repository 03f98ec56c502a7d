//! epstats-experiment
