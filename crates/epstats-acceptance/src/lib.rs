//! epstats-acceptance
