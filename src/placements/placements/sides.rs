//! Whose placements a query is about: the same for the list, its feed and the board of tasks.

/// Narrows a boxed query over placements to the caller's own, and to the sides that a filter names.
#[macro_export]
macro_rules! of_sides {
    ($query:expr, $filter:expr, $actor:expr) => {{
        use $crate::auth::Scope;
        use $crate::schema::placements;
        let (mut query, filter) = ($query, $filter);
        match $actor.scope() {
            Scope::Practice(own) => query = query.filter(placements::practice_id.eq(own)),
            Scope::School(own) => query = query.filter(placements::school_id.eq(own)),
            Scope::Region(own) => query = query.filter(placements::region_id.eq(own)),
            _ => {}
        }
        if let Some(region) = filter.region_id {
            query = query.filter(placements::region_id.eq(region));
        }
        if let Some(school) = filter.school_id {
            query = query.filter(placements::school_id.eq(school));
        }
        if let Some(practice) = filter.practice_id {
            query = query.filter(placements::practice_id.eq(practice));
        }
        query
    }};
}
