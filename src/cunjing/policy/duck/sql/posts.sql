-- Posts in militia companies and Party branches, as parts of `measured`.
-- part: PostViolations
-- For each group that calls for a holder, how far from one; and holders who belong to no such group.
INSERT INTO measured
WITH asked AS (
    SELECT s.rule_no, s.no, s.subject, p.post, p.group_kind
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN rule_post p ON p.rule_no = r.rule_no
    WHERE r.measure = 'PostViolations'
), held AS (
    SELECT a.rule_no, a.no, a.post, a.group_kind, b.group_id AS called,
        count(DISTINCT h.person_id) AS holders
    FROM asked a
    JOIN branching b ON b.root = a.subject AND b.kind = a.group_kind
    LEFT JOIN belonging h ON h.root = b.group_id AND h.post = a.post
    GROUP BY ALL
), gap AS (
    SELECT rule_no, no, sum(abs(holders - 1)) AS gaps FROM held GROUP BY rule_no, no
), stray AS (
    SELECT a.rule_no, a.no, count(DISTINCT (a.post, a.group_kind, h.person_id)) AS strays
    FROM asked a
    JOIN belonging h ON h.root = a.subject AND h.post = a.post
    WHERE NOT EXISTS (
        SELECT 1
        FROM branching b JOIN belonging i ON i.root = b.group_id
        WHERE b.root = a.subject AND b.kind = a.group_kind
            AND i.post = a.post AND i.person_id = h.person_id
    )
    GROUP BY a.rule_no, a.no
), holder AS (
    SELECT a.rule_no, a.no, list(DISTINCT h.member_id) AS ids
    FROM asked a JOIN belonging h ON h.root = a.subject AND h.post = a.post
    GROUP BY a.rule_no, a.no
)
SELECT
    s.rule_no, s.no,
    (coalesce(g.gaps, 0) + coalesce(t.strays, 0))::BIGINT,
    coalesce(len(h.ids), 0), coalesce(h.ids, []), NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN gap g ON g.rule_no = s.rule_no AND g.no = s.no
LEFT JOIN stray t ON t.rule_no = s.rule_no AND t.no = s.no
LEFT JOIN holder h ON h.rule_no = s.rule_no AND h.no = s.no
WHERE r.measure = 'PostViolations';

-- part: HamletViolations
INSERT INTO measured
WITH militia AS (
    SELECT DISTINCT r.rule_no, g.village_code, b.hamlet_id, b.person_id, b.member_id
    FROM rule r
    JOIN seated g ON g.kind = r.measured_kind
    JOIN belonging b ON b.root = g.group_id
    WHERE r.measure = 'HamletViolations'
), counted AS (
    SELECT
        r.rule_no, s.no, h.hamlet_id,
        count(DISTINCT m.person_id) AS people,
        list(DISTINCT m.member_id) FILTER (m.member_id IS NOT NULL) AS ids
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN hamlets h ON h.village_code = s.subject
    LEFT JOIN militia m
        ON m.rule_no = r.rule_no AND m.village_code = s.subject AND m.hamlet_id = h.hamlet_id
    WHERE r.measure = 'HamletViolations'
        AND EXISTS (
            SELECT 1 FROM seated g WHERE g.village_code = s.subject AND g.kind = r.measured_kind
        )
    GROUP BY r.rule_no, s.no, h.hamlet_id
)
SELECT
    c.rule_no, c.no,
    count(*) FILTER (c.people < r.measured_low OR c.people > r.measured_high),
    coalesce(len(flatten(list(c.ids))), 0), coalesce(flatten(list(c.ids)), []), NULL, NULL, NULL
FROM counted c
JOIN rule r ON r.rule_no = c.rule_no
GROUP BY c.rule_no, c.no;

-- part: PairViolations
INSERT INTO measured
WITH asked AS (
    SELECT s.rule_no, s.no, s.subject, s.village_code, p.post, p.same_as, r.measured_kind
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN rule_post p ON p.rule_no = r.rule_no
    WHERE r.measure = 'PairViolations'
), held AS (
    SELECT a.rule_no, a.no, a.post, a.same_as, h.member_id,
        h.member_id IS NOT NULL AND EXISTS (
            SELECT 1
            FROM seated g JOIN belonging o ON o.root = g.group_id
            WHERE g.village_code = a.village_code AND g.kind = a.measured_kind
                AND o.post = a.same_as AND o.person_id = h.person_id
        ) AS paired_up
    FROM asked a
    LEFT JOIN belonging h ON h.root = a.subject AND h.post = a.post
), paired AS (
    SELECT rule_no, no, post, same_as,
        bool_or(paired_up) AS met,
        list(member_id) FILTER (member_id IS NOT NULL) AS ids
    FROM held
    GROUP BY rule_no, no, post, same_as
)
SELECT
    rule_no, no,
    count(*) FILTER (NOT met),
    coalesce(len(list_distinct(flatten(list(ids)))), 0),
    coalesce(list_distinct(flatten(list(ids))), []), NULL, NULL, NULL
FROM paired
GROUP BY rule_no, no;

-- part: CommitteeViolations
INSERT INTO measured
WITH officer AS (
    SELECT DISTINCT s.rule_no, s.no, p.posting_id, p.staff_id
    FROM rule r
    JOIN subject_row s ON s.rule_no = r.rule_no
    JOIN rule_role o ON o.rule_no = r.rule_no
    JOIN posting_span p ON p.role = o.role AND p.village_code = s.village_code AND p.on_day
    JOIN staff f ON f.staff_id = p.staff_id AND f.party_member
    WHERE r.measure = 'CommitteeViolations'
), seat AS (
    SELECT DISTINCT s.rule_no, s.no, b.person_id
    FROM subject_row s
    JOIN rule_post p ON p.rule_no = s.rule_no
    JOIN belonging b ON b.root = s.subject AND b.post = p.post
)
SELECT
    s.rule_no, s.no,
    count(DISTINCT o.staff_id) FILTER (seat.person_id IS NULL),
    count(DISTINCT o.posting_id),
    coalesce(list(DISTINCT o.posting_id) FILTER (o.posting_id IS NOT NULL), []),
    NULL, NULL, NULL
FROM rule r
JOIN subject_row s ON s.rule_no = r.rule_no
LEFT JOIN officer o ON o.rule_no = s.rule_no AND o.no = s.no
LEFT JOIN seat
    ON seat.rule_no = s.rule_no AND seat.no = s.no AND seat.person_id = o.staff_id
WHERE r.measure = 'CommitteeViolations'
GROUP BY s.rule_no, s.no;
