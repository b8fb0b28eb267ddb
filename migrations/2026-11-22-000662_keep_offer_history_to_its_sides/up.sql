-- Schools see an offer, not by whose mandate it came about.

ALTER POLICY placement_offer_transitions_select ON placement_offer_transitions
    USING (
        (SELECT app_role()) IN ('practice', 'region')
        AND EXISTS (SELECT FROM placement_offers parent WHERE parent.id = placement_offer_transitions.resource_id));
