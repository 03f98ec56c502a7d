//! epstats
