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
