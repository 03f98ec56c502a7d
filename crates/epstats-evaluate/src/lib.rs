//! epstats-evaluate
