-- Stage 2, first half: the value of every rule for every subject, with what it rests on.
-- Each part serves one class of measure. A subject without a row here has no verdict. `ids` are the
-- ids it rests on, null where nobody asked for digests and for events, whose digests are apart.
-- own_low is a threshold of the subject's own, where the rule's hangs on a mark.
CREATE OR REPLACE TEMP TABLE measured (
    rule_no USMALLINT, no INTEGER, value BIGINT, evidence_count INTEGER, ids VARCHAR[],
    own_low BIGINT, available INTEGER, unheard BOOLEAN
);
CREATE OR REPLACE TEMP MACRO chosen_of(
    tally, n, missing, distinct_days, distinct_objects, half_months, ten_days
) AS (
    CASE tally
        WHEN 'count' THEN n
        WHEN 'lacking' THEN missing
        WHEN 'distinct_days' THEN distinct_days
        WHEN 'distinct_objects' THEN distinct_objects
        WHEN 'half_month' THEN half_months
        WHEN 'ten_days' THEN ten_days
    END
);

-- part: written
CREATE OR REPLACE TEMP VIEW measurement AS SELECT * FROM measured;

-- part: tallied
-- Of what is tallied the values are read off: writing them down would cost more.
CREATE OR REPLACE TEMP VIEW measurement AS
SELECT * FROM measured
UNION ALL
SELECT
    r.rule_no, t.subject,
    chosen_of(
        r.tally, t.n, 0, bit_count(t.day_mask), t.objects,
        half_months_in(t.day_mask), ten_days_in(t.day_mask)
    ),
    t.n, NULL, NULL, t.available, t.unsynced
FROM rule r
JOIN rule_role o ON o.rule_no = r.rule_no
JOIN tallied t
    ON t.source_id = r.source_id
    AND t.role_no = list_position(getvariable('plain_roles'), o.role);

-- part: EventMeasure
-- The value is chosen before the join, which then carries two numbers instead of six.
INSERT INTO measured
WITH valued AS (
    SELECT
        r.rule_no, t.subject, t.n,
        chosen_of(
            r.tally, t.n, t.missing, t.distinct_days, t.distinct_objects, t.half_months, t.ten_days
        ) AS value
    FROM rule r
    JOIN total t ON t.source_id = r.source_id
    WHERE r.measure = 'EventMeasure'
)
SELECT
    s.rule_no, s.no, coalesce(v.value, 0), coalesce(v.n, 0), NULL, NULL, s.available, s.unheard
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN valued v ON v.rule_no = s.rule_no AND v.subject = s.no
WHERE s.measure = 'EventMeasure' AND (r.subject_kind <> 'posting' OR NOT getvariable('is_plain'));

-- part: PostingCount
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    count(p.posting_id), count(p.posting_id), gathered(p.posting_id),
    NULL, NULL, NULL
FROM subject_row s
LEFT JOIN (
    SELECT o.rule_no, p.village_code, p.posting_id
    FROM rule r
    JOIN rule_role o ON o.rule_no = r.rule_no
    JOIN posting_span p ON p.role = o.role
    WHERE r.measure = 'PostingCount' AND p.on_day
) p ON p.rule_no = s.rule_no AND p.village_code = s.subject
WHERE s.measure = 'PostingCount'
GROUP BY s.rule_no, s.no;

-- part: GroupCount
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    count(g.group_id), count(g.group_id), gathered(g.group_id),
    NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN seated g ON g.village_code = s.subject AND g.kind = r.measured_kind
WHERE r.measure = 'GroupCount'
GROUP BY s.rule_no, s.no;

-- part: MemberCount
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    count(DISTINCT b.person_id), count(b.member_id), gathered(b.member_id),
    NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN belonging b ON b.root = s.subject
WHERE r.measure = 'MemberCount'
GROUP BY s.rule_no, s.no;

-- part: SubgroupCount
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    count(b.group_id), count(b.group_id), gathered(b.group_id),
    NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN branching b
    ON b.root = s.subject AND b.group_id <> s.subject AND b.kind = r.measured_kind
WHERE r.measure = 'SubgroupCount'
GROUP BY s.rule_no, s.no;

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
    s.rule_no, s.no,
    count(DISTINCT a.person_id), count(a.member_id), gathered(a.member_id),
    NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN aged a
    ON a.root = s.subject
    AND (a.months < r.measured_low * 12 OR a.months >= (r.measured_high + 1) * 12)
WHERE r.measure = 'AgeViolations'
GROUP BY s.rule_no, s.no;

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
        r.rule_no, r.relation, s.no, s.subject, s.village_code, f.home_village_code AS home_code,
        coalesce(h.township_code, left(f.home_village_code, 9)) AS home_township,
        coalesce(v.township_code, left(s.village_code, 9)) AS village_township
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN staff f ON f.staff_id = s.staff_id
    LEFT JOIN township h ON h.village_code = f.home_village_code
    LEFT JOIN township v ON v.village_code = s.village_code
    WHERE r.measure = 'HomeViolation'
)
SELECT
    o.rule_no, o.no,
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
    1, alone(o.subject), NULL, NULL, NULL
FROM origin o;

-- part: TenureMonths
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    (year(getvariable('day_after')) - year(p.tenure_from)) * 12
        + month(getvariable('day_after')) - month(p.tenure_from)
        - (day(getvariable('day_after')) < day(p.tenure_from))::INTEGER,
    1, alone(s.subject), NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
JOIN tenure p ON p.posting_id = s.subject
WHERE r.measure = 'TenureMonths';

-- part: UntrainedViolation
INSERT INTO measured
SELECT
    s.rule_no, s.no,
    (f.trained_on IS NULL OR f.trained_on >= p.tenure_from)::BIGINT,
    1, alone(s.subject), NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
JOIN tenure p ON p.posting_id = s.subject
JOIN staff f ON f.staff_id = s.staff_id
WHERE r.measure = 'UntrainedViolation';
