-- Reading the events of some villages only: views that stand before the facts' own.
-- part: range
-- The villages read at a time, so that what is being added up stays small.
CREATE OR REPLACE TEMP MACRO is_read(code) AS (
    code >= getvariable('range_from') AND code < getvariable('range_to')
);

-- part: chosen
-- The villages whose records came late or were corrected.
CREATE OR REPLACE TEMP MACRO is_read(code) AS (code IN (SELECT unnest(getvariable('chosen'))));

-- part: some
CREATE TEMP VIEW events AS SELECT * FROM memory.main.events WHERE is_read(village_code);
CREATE TEMP VIEW events_timed AS SELECT * FROM memory.main.events_timed WHERE is_read(village_code);

-- part: whole
DROP VIEW temp.events;
DROP VIEW temp.events_timed;
