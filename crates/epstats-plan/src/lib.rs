//! epstats-plan
