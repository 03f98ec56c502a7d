//! A cluster of a scheduler and two executors on loopback, each a process of its own.

mod cluster;
mod contract;
mod failures;
mod files;
mod lost_executor;
