//! epstats-testkit
