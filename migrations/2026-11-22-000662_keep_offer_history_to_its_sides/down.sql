ALTER POLICY placement_offer_transitions_select ON placement_offer_transitions
    USING (EXISTS (SELECT FROM placement_offers parent WHERE parent.id = placement_offer_transitions.resource_id));
