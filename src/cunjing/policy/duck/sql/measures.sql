-- Stage 2, first half: the value of every rule for every subject, with the ids it rests on.
-- Each part serves one class of measure. A subject without a row here has no verdict. For events
-- `ids` is null: their ids stay in the state, their number and digest in `total`.
CREATE TEMP TABLE measured (rule_id VARCHAR, subject VARCHAR, value BIGINT, ids VARCHAR[]);

-- part: EventMeasure
INSERT INTO measured
SELECT
    r.rule_id, s.subject,
    coalesce(CASE r.tally
        WHEN 'count' THEN t.n
        WHEN 'lacking' THEN t.missing
        WHEN 'distinct_days' THEN t.distinct_days
        WHEN 'distinct_objects' THEN t.distinct_objects
        WHEN 'half_month' THEN t.half_months
        WHEN 'ten_days' THEN t.ten_days
    END, 0),
    NULL
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN total t ON t.source_id = r.source_id AND t.subject = s.subject
WHERE r.measure = 'EventMeasure';

-- part: PostingCount
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    count(p.posting_id),
    coalesce(list(p.posting_id) FILTER (p.posting_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN (
    SELECT o.rule_id, p.village_code, p.posting_id
    FROM posting_span p JOIN rule_role o ON o.role = p.role
    WHERE p.on_day
) p ON p.rule_id = s.rule_id AND p.village_code = s.subject
WHERE r.measure = 'PostingCount'
GROUP BY s.rule_id, s.subject;

-- part: GroupCount
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    count(g.group_id),
    coalesce(list(g.group_id) FILTER (g.group_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN seated g ON g.village_code = s.subject AND g.kind = r.measured_kind
WHERE r.measure = 'GroupCount'
GROUP BY s.rule_id, s.subject;

-- part: MemberCount
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    count(DISTINCT b.person_id),
    coalesce(list(b.member_id) FILTER (b.member_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN belonging b ON b.root = s.subject
WHERE r.measure = 'MemberCount'
GROUP BY s.rule_id, s.subject;

-- part: SubgroupCount
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    count(b.group_id),
    coalesce(list(b.group_id) FILTER (b.group_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN branching b
    ON b.root = s.subject AND b.group_id <> s.subject AND b.kind = r.measured_kind
WHERE r.measure = 'SubgroupCount'
GROUP BY s.rule_id, s.subject;

-- part: AgeViolations
-- Whole years below low or above high, in months so that nothing is divided.
INSERT INTO measured
WITH aged AS (
    SELECT root, person_id, member_id,
        getvariable('look_month')
            - (substr(birth_month, 1, 4)::INTEGER * 12 + substr(birth_month, 6, 2)::INTEGER)
            AS months
    FROM belonging
    WHERE birth_month IS NOT NULL
)
SELECT
    s.rule_id, s.subject,
    count(DISTINCT a.person_id),
    coalesce(list(a.member_id) FILTER (a.member_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN aged a
    ON a.root = s.subject
    AND (a.months < r.measured_low * 12 OR a.months >= (r.measured_high + 1) * 12)
WHERE r.measure = 'AgeViolations'
GROUP BY s.rule_id, s.subject;

-- part: HomeViolation
INSERT INTO measured
WITH township AS (
    SELECT village_code, coalesce(
        min(township_code) FILTER (
            coalesce(valid_from <= getvariable('look_day'), true)
            AND coalesce(getvariable('look_day') < valid_to, true)
        ),
        min(township_code)
    ) AS township_code
    FROM villages
    GROUP BY village_code
), origin AS (
    SELECT
        r.rule_id, r.relation, s.subject, s.village_code, f.home_village_code AS home_code,
        coalesce(h.township_code, left(f.home_village_code, 9)) AS home_township,
        coalesce(v.township_code, left(s.village_code, 9)) AS village_township
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN staff f ON f.staff_id = s.staff_id
    LEFT JOIN township h ON h.village_code = f.home_village_code
    LEFT JOIN township v ON v.village_code = s.village_code
    WHERE r.measure = 'HomeViolation'
)
SELECT
    o.rule_id, o.subject,
    (NOT CASE o.relation
        WHEN 'same' THEN o.home_code = o.village_code
        WHEN 'different' THEN o.home_code <> o.village_code
        WHEN 'near' THEN o.home_township = o.village_township OR (
            o.home_code IS NOT NULL AND EXISTS (
                SELECT 1 FROM township_adjacency a
                WHERE (a.township_code = o.home_township AND a.adjacent_code = o.village_township)
                    OR (a.township_code = o.village_township AND a.adjacent_code = o.home_township)
            )
        )
    END)::BIGINT,
    [o.subject]
FROM origin o;

-- part: TenureMonths
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    (year(getvariable('day_after')) - year(p.tenure_from)) * 12
        + month(getvariable('day_after')) - month(p.tenure_from)
        - (day(getvariable('day_after')) < day(p.tenure_from))::INTEGER,
    [s.subject]
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
JOIN tenure p ON p.posting_id = s.subject
WHERE r.measure = 'TenureMonths';

-- part: UntrainedViolation
INSERT INTO measured
SELECT
    s.rule_id, s.subject,
    (f.trained_on IS NULL OR f.trained_on >= p.tenure_from)::BIGINT,
    [s.subject]
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
JOIN tenure p ON p.posting_id = s.subject
JOIN staff f ON f.staff_id = s.staff_id
WHERE r.measure = 'UntrainedViolation';
