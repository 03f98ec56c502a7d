//! A made-up shop with an experiment whose true effects are known.
