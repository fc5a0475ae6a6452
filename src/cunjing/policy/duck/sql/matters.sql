-- part: MattersOverdue
-- Matters of the period and whether they are overdue. Where days are counted from opening, not the
-- deadline of every matter is put off by days but the period's bounds, once for a rule, are put
-- forward: so matters are compared as they are stored. Shanghai is eight hours before UTC, always.
-- What is not closed at the watermark is held against the watermark; `least` passes over nulls.
INSERT INTO measured
WITH asked AS (
    SELECT
        r.rule_no, a.kind, a.subkind, a.within_days,
        getvariable('p_from')::TIMESTAMP - INTERVAL 8 HOUR - to_days(coalesce(a.within_days, 0))
            AS since,
        getvariable('p_end_time') - to_days(coalesce(a.within_days, 0)) AS until
    FROM rule r
    JOIN rule_matter a ON a.rule_no = r.rule_no
    WHERE r.measure = 'MattersOverdue'
), due AS (
    SELECT
        a.rule_no, a.within_days, a.since, a.until,
        m.village_code, m.matter_id, m.opened_at, m.due_at,
        CASE WHEN a.within_days IS NULL THEN m.due_at ELSE m.opened_at END AS placed_at,
        least(m.closed_at, getvariable('as_of')) AS settled_at
    FROM matters m
    JOIN asked a ON m.kind = a.kind AND (a.subkind IS NULL OR m.subkind = a.subkind)
    WHERE m.opened_at <= getvariable('as_of')
), judged AS (
    SELECT
        rule_no, village_code, matter_id,
        CASE WHEN within_days IS NULL
            THEN settled_at > due_at
            ELSE (settled_at + INTERVAL 8 HOUR)::DATE - (opened_at + INTERVAL 8 HOUR)::DATE
                > within_days
        END AS is_late
    FROM due
    WHERE placed_at >= since AND placed_at < until
)
SELECT
    s.rule_no, s.no,
    count(j.matter_id) FILTER (j.is_late), count(j.matter_id), gathered(j.matter_id),
    NULL, NULL, bool_or(s.unheard)
FROM subject_row s
LEFT JOIN judged j ON j.rule_no = s.rule_no AND j.village_code = s.subject
WHERE s.measure = 'MattersOverdue'
GROUP BY s.rule_no, s.no;
