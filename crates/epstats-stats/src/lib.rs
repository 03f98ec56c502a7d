//! epstats-stats
