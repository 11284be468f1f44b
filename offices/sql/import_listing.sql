-- What this import says: one row an office and service, more only where a file lists the same
-- number twice with different contents. A poorer copy (fewer columns) yields to a fuller one.
-- Nothing that stays depends on the order of files or rows.
CREATE TEMP TABLE import_tally (code text NOT NULL, number bigint NOT NULL) ON COMMIT DROP;

CREATE TEMP TABLE import_many ON COMMIT DROP AS
SELECT business_number, service_key, max(columns) AS fullest
FROM import_listing
GROUP BY business_number, service_key
HAVING count(*) > 1;
ANALYZE import_many;

WITH poorer AS (
    DELETE FROM import_listing l USING import_many m
    WHERE (l.business_number, l.service_key) = (m.business_number, m.service_key) AND l.columns < m.fullest
    RETURNING 1
)
INSERT INTO import_tally SELECT 'poorer_copy', count(*) FROM poorer;

WITH copies AS (
    SELECT l.id, row_number() OVER (
        PARTITION BY l.business_number, l.service_key, to_jsonb(l) - 'id' ORDER BY l.id
    ) AS copy
    FROM import_listing l JOIN import_many USING (business_number, service_key)
), same AS (
    DELETE FROM import_listing l USING copies c WHERE c.id = l.id AND c.copy > 1
    RETURNING 1
)
INSERT INTO import_tally SELECT 'same_row_again', count(*) FROM same;

WITH numbered AS (
    SELECT l.id, row_number() OVER (
        PARTITION BY l.business_number, l.service_key
        ORDER BY l.name COLLATE "C", l.address COLLATE "C", (to_jsonb(l) - 'id')::text COLLATE "C"
    ) AS listing_no
    FROM import_listing l JOIN import_many USING (business_number, service_key)
)
UPDATE import_listing l SET listing_no = n.listing_no
FROM numbered n
WHERE n.id = l.id AND n.listing_no > 1;

CREATE TEMP TABLE import_key ON COMMIT DROP AS
SELECT l.service_key,
       max(l.columns) AS columns,
       max(i.as_of) AS newest,
       max(i.columns) AS newest_columns,
       coalesce(%(as_of)s >= max(i.as_of), true) AS current
FROM import_listing l LEFT JOIN offices_importedservice i USING (service_key)
GROUP BY l.service_key;

ANALYZE import_listing (id, business_number, service_key, listing_no);
ANALYZE import_key;
