//! A file for each scenario: it lives through the whole timeline over HTTP on a virtual clock.

mod happy_path;
