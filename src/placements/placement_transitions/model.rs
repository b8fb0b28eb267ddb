//! A step to take, on the wire.

use crate::placements::placements::PlacementStatus;

crate::transition_body! {
    /// The next step of a placement.
    MovePlacement to PlacementStatus
}
