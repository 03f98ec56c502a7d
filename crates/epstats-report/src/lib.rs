//! epstats-report
