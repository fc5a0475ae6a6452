-- Stage 3: the events of one subject that one rule did not credit, and the first reason why.
-- part: posting
CREATE TEMP VIEW own AS
SELECT e.*,
    e.village_code = p.village_code AS same_village
FROM event_read e
JOIN posting_span p ON p.posting_id = getvariable('subject') AND p.staff_id = e.staff_id;

-- part: village
CREATE TEMP VIEW own AS
SELECT e.*, true AS same_village
FROM event_read e
WHERE e.village_code = getvariable('subject')
UNION ALL
SELECT e.*, true
FROM event_read e
JOIN answering a ON a.unit_code = e.unit_code AND a.local_date = e.local_date
WHERE e.village_code IS NULL AND a.village_code = getvariable('subject');

-- part: unit
CREATE TEMP VIEW own AS
SELECT e.*, true AS same_village
FROM event_read e
WHERE e.unit_code = getvariable('subject');

-- part: read
-- Without what is credited to the subject or, by this rule, to another posting.
SELECT o.event_id, CASE
    WHEN o.is_void THEN 'void'
    WHEN o.is_late THEN 'late'
    WHEN NOT o.in_period THEN 'out_of_period'
    WHEN o.same_village IS NOT TRUE THEN 'wrong_village'
    ELSE 'not_posted'
END
FROM own o
WHERE (
        o.in_period
        OR o.local_date >= getvariable('window_from') AND o.local_date < getvariable('window_to')
    )
    AND NOT EXISTS (
        SELECT 1
        FROM credited c JOIN subject_row s ON s.no = c.subject
        WHERE c.event_id = o.event_id
    )
ORDER BY o.event_id;
