-- Group trees. branching: every group with itself and everything below it.
-- seated: the village of a group, its own or that of its nearest ancestor having one.
CREATE TEMP TABLE branching AS
WITH RECURSIVE below(root, group_id) AS (
    SELECT group_id, group_id FROM groups
    UNION
    SELECT b.root, g.group_id FROM below b JOIN groups g ON g.parent_id = b.group_id
)
SELECT b.root, b.group_id, g.kind FROM below b JOIN groups g ON g.group_id = b.group_id;

CREATE TEMP TABLE seated AS
WITH RECURSIVE climb(group_id, above, village_code) AS (
    SELECT group_id, parent_id, village_code FROM groups
    UNION
    SELECT c.group_id, g.parent_id, g.village_code
    FROM climb c JOIN groups g ON g.group_id = c.above
    WHERE c.village_code IS NULL
)
SELECT g.group_id, g.kind, c.village_code
FROM groups g
LEFT JOIN climb c ON c.group_id = g.group_id AND c.village_code IS NOT NULL;

-- Everyone in the tree of a group.
CREATE TEMP TABLE belonging AS
SELECT b.root, m.group_id, m.member_id, m.person_id, m.post, m.birth_month, m.hamlet_id
FROM branching b JOIN members m ON m.group_id = b.group_id;
