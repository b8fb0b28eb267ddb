SELECT st.programme_id, count(*) AS active, count(*) FILTER (WHERE leaving) AS missing
FROM students st
LEFT JOIN roster_staging s ON s.sourced_id = st.sourced_id
CROSS JOIN LATERAL (SELECT s.state = 1 OR ($3 AND s.sourced_id IS NULL)) AS l (leaving)
WHERE st.school_id = $1 AND st.active AND ($2::uuid[] = '{}' OR st.programme_id = ANY ($2))
GROUP BY st.programme_id
HAVING count(*) >= 5 AND count(*) FILTER (WHERE leaving) * 2 > count(*)
ORDER BY st.programme_id
