-- Stage 1, first half: which events of the asked kinds are credited to which subject.
-- part: read
-- What the watermark and the period say of each event a rule asks for. Reports, summaries and
-- meetings may name the period they are about. scan_from and scan_to bound the dates read.
CREATE TEMP VIEW event_read AS
SELECT
    e.*,
    s.source_id, s.subject_kind, s.lacking, s.keeps_objects,
    coalesce(e.void, false) AND (e.voided_at IS NULL OR e.voided_at <= getvariable('as_of'))
        AS is_void,
    CASE WHEN e.received_at IS NULL AND e.occurred_at IS NULL
        THEN e.local_date > getvariable('as_of_day')
        ELSE coalesce(e.received_at, e.occurred_at) > getvariable('as_of')
    END AS is_late,
    CASE WHEN e.kind IN ('report', 'summary', 'meeting') AND e.for_period IS NOT NULL
        THEN list_contains(getvariable('period_names'), e.for_period)
        ELSE e.local_date >= getvariable('p_from') AND e.local_date < getvariable('p_to')
    END AS in_period
FROM events e
JOIN event_source s ON e.kind = s.kind AND (s.subkind IS NULL OR e.subkind = s.subkind)
WHERE e.local_date >= getvariable('scan_from') AND e.local_date < getvariable('scan_to');

-- The parts below are credited to their kind of subject, each a branch of the state's `credited`.
-- part: posting
SELECT h.*, p.posting_id AS subject
FROM hit h
JOIN posting_span p
    ON p.village_code = h.village_code
    AND p.staff_id = h.staff_id
    AND h.local_date >= p.valid_from
    AND h.local_date < p.open_to
WHERE h.subject_kind = 'posting'

-- part: village
SELECT h.*, h.village_code AS subject
FROM hit h
WHERE h.subject_kind = 'village' AND h.village_code IS NOT NULL
UNION ALL
SELECT h.*, a.village_code AS subject
FROM hit h
JOIN answering a ON a.unit_code = h.unit_code AND a.local_date = h.local_date
WHERE h.subject_kind = 'village' AND h.village_code IS NULL

-- part: unit
SELECT h.*, h.unit_code AS subject
FROM hit h
WHERE h.subject_kind = 'unit' AND h.unit_code IS NOT NULL

-- part: nobody
SELECT h.*, NULL::VARCHAR AS subject
FROM hit h
WHERE false
