//! The roles a client can have.

crate::code_lists! {
    /// The kind of tenant a client speaks for; a client has exactly one role.
    Role "role" {
        Practice "practice" "Huisartsenpraktijk" "GP practice or other host";
        School "school" "School" "School";
        Region "region" "Stagebureau" "Placement bureau";
        Funder "funder" "Fonds" "Fund";
        Platform "platform" "Beheerder" "Operator";
    }
}

impl Role {
    /// Every role, in the order of the permission table.
    pub const ALL: [Self; 5] = [Self::Practice, Self::School, Self::Region, Self::Funder, Self::Platform];
}
