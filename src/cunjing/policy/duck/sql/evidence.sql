-- What verdicts rest on, as a digest: SHA-256 of the sorted ids joined by newlines. Kept as bytes: as
-- text, a nation's would take twice the memory.
-- part: shape
CREATE TEMP TABLE evidence (source_id INTEGER, subject INTEGER, evidence_digest BLOB);

-- part: make
INSERT INTO evidence
SELECT source_id, subject, digest_of(list(event_id))
FROM credited
GROUP BY source_id, subject;

-- part: digests
-- Ids other than events are gathered only where a digest is made of them.
CREATE TEMP MACRO digest_of(ids) AS unhex(sha256(array_to_string(list_sort(ids), chr(10))));
CREATE TEMP MACRO digest_text(digest) AS lower(hex(digest));
CREATE TEMP MACRO gathered(id) AS coalesce(list(id) FILTER (id IS NOT NULL), []);
CREATE TEMP MACRO alone(id) AS [id];

-- part: no_digests
CREATE TEMP MACRO gathered(id) AS NULL::VARCHAR[];
CREATE TEMP MACRO alone(id) AS NULL::VARCHAR[];
