//! epstats-source-datafusion
