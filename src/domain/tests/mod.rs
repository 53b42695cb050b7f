//! Values: what is accepted, what is refused, and what is said of it.

mod countries;
mod numbers;
