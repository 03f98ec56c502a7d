//! Tests of the source room.

mod memory;
