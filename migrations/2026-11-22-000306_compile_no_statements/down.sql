-- The role belongs to the cluster, and with it its settings: other databases rely on them.
SELECT 1;
