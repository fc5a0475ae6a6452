-- Posts in militia companies and Party branches, as parts of `measured`.
-- part: PostViolations
-- For each group that calls for a holder, how far from one; and holders who belong to no such group.
INSERT INTO measured
WITH asked AS (
    SELECT s.rule_id, s.subject, p.post, p.group_kind
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN rule_post p ON p.rule_id = r.rule_id
    WHERE r.measure = 'PostViolations'
), held AS (
    SELECT a.rule_id, a.subject, a.post, a.group_kind, b.group_id AS called,
        count(DISTINCT h.person_id) AS holders
    FROM asked a
    JOIN branching b ON b.root = a.subject AND b.kind = a.group_kind
    LEFT JOIN belonging h ON h.root = b.group_id AND h.post = a.post
    GROUP BY ALL
), gap AS (
    SELECT rule_id, subject, sum(abs(holders - 1)) AS gaps FROM held GROUP BY rule_id, subject
), stray AS (
    SELECT a.rule_id, a.subject, count(DISTINCT (a.post, a.group_kind, h.person_id)) AS strays
    FROM asked a
    JOIN belonging h ON h.root = a.subject AND h.post = a.post
    WHERE NOT EXISTS (
        SELECT 1
        FROM branching b JOIN belonging i ON i.root = b.group_id
        WHERE b.root = a.subject AND b.kind = a.group_kind
            AND i.post = a.post AND i.person_id = h.person_id
    )
    GROUP BY a.rule_id, a.subject
), evidence AS (
    SELECT a.rule_id, a.subject, list(DISTINCT h.member_id) AS ids
    FROM asked a JOIN belonging h ON h.root = a.subject AND h.post = a.post
    GROUP BY a.rule_id, a.subject
)
SELECT
    s.rule_id, s.subject,
    (coalesce(g.gaps, 0) + coalesce(t.strays, 0))::BIGINT,
    coalesce(e.ids, [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN gap g ON g.rule_id = s.rule_id AND g.subject = s.subject
LEFT JOIN stray t ON t.rule_id = s.rule_id AND t.subject = s.subject
LEFT JOIN evidence e ON e.rule_id = s.rule_id AND e.subject = s.subject
WHERE r.measure = 'PostViolations';

-- part: HamletViolations
INSERT INTO measured
WITH militia AS (
    SELECT DISTINCT r.rule_id, g.village_code, b.hamlet_id, b.person_id, b.member_id
    FROM rule r
    JOIN seated g ON g.kind = r.measured_kind
    JOIN belonging b ON b.root = g.group_id
    WHERE r.measure = 'HamletViolations'
), counted AS (
    SELECT
        r.rule_id, s.subject, h.hamlet_id,
        count(DISTINCT m.person_id) AS people,
        list(DISTINCT m.member_id) FILTER (m.member_id IS NOT NULL) AS ids
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN hamlets h ON h.village_code = s.subject
    LEFT JOIN militia m
        ON m.rule_id = r.rule_id AND m.village_code = s.subject AND m.hamlet_id = h.hamlet_id
    WHERE r.measure = 'HamletViolations'
        AND EXISTS (
            SELECT 1 FROM seated g WHERE g.village_code = s.subject AND g.kind = r.measured_kind
        )
    GROUP BY r.rule_id, s.subject, h.hamlet_id
)
SELECT
    c.rule_id, c.subject,
    count(*) FILTER (c.people < r.measured_low OR c.people > r.measured_high),
    coalesce(flatten(list(c.ids)), [])
FROM counted c
JOIN rule r ON r.rule_id = c.rule_id
GROUP BY c.rule_id, c.subject;

-- part: PairViolations
INSERT INTO measured
WITH asked AS (
    SELECT s.rule_id, s.subject, s.village_code, p.post, p.same_as, r.measured_kind
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN rule_post p ON p.rule_id = r.rule_id
    WHERE r.measure = 'PairViolations'
), held AS (
    SELECT a.rule_id, a.subject, a.post, a.same_as, h.member_id,
        h.member_id IS NOT NULL AND EXISTS (
            SELECT 1
            FROM seated g JOIN belonging o ON o.root = g.group_id
            WHERE g.village_code = a.village_code AND g.kind = a.measured_kind
                AND o.post = a.same_as AND o.person_id = h.person_id
        ) AS paired_up
    FROM asked a
    LEFT JOIN belonging h ON h.root = a.subject AND h.post = a.post
), paired AS (
    SELECT rule_id, subject, post, same_as,
        bool_or(paired_up) AS met,
        list(member_id) FILTER (member_id IS NOT NULL) AS ids
    FROM held
    GROUP BY rule_id, subject, post, same_as
)
SELECT
    rule_id, subject,
    count(*) FILTER (NOT met),
    coalesce(list_distinct(flatten(list(ids))), [])
FROM paired
GROUP BY rule_id, subject;

-- part: CommitteeViolations
INSERT INTO measured
WITH officer AS (
    SELECT DISTINCT s.rule_id, s.subject, p.posting_id, p.staff_id
    FROM rule r
    JOIN subject_row s ON s.rule_id = r.rule_id
    JOIN rule_role o ON o.rule_id = r.rule_id
    JOIN posting_span p ON p.role = o.role AND p.village_code = s.village_code AND p.on_day
    JOIN staff f ON f.staff_id = p.staff_id AND f.party_member
    WHERE r.measure = 'CommitteeViolations'
), seat AS (
    SELECT DISTINCT s.rule_id, s.subject, b.person_id
    FROM subject_row s
    JOIN rule_post p ON p.rule_id = s.rule_id
    JOIN belonging b ON b.root = s.subject AND b.post = p.post
)
SELECT
    s.rule_id, s.subject,
    count(DISTINCT o.staff_id) FILTER (seat.person_id IS NULL),
    coalesce(list(DISTINCT o.posting_id) FILTER (o.posting_id IS NOT NULL), [])
FROM rule r
JOIN subject_row s ON s.rule_id = r.rule_id
LEFT JOIN officer o ON o.rule_id = s.rule_id AND o.subject = s.subject
LEFT JOIN seat
    ON seat.rule_id = s.rule_id AND seat.subject = s.subject AND seat.person_id = o.staff_id
WHERE r.measure = 'CommitteeViolations'
GROUP BY s.rule_id, s.subject;
