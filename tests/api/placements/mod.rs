//! From the seat that a host offers to the intern in it.

mod offers;
