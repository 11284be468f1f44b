-- What this import says: one row an office and service, more only where a file lists the same
-- number twice with different contents. A poorer copy (fewer columns) yields to a fuller one.
-- Nothing here depends on the order of files or rows.
CREATE TEMP TABLE import_listing ON COMMIT DROP AS
WITH counted AS (
    SELECT r.*,
           count(*) OVER same AS copies,
           max(r.columns) OVER same AS fullest
    FROM import_row r
    WINDOW same AS (PARTITION BY r.business_number, r.service_key)
), several AS (
    SELECT DISTINCT ON (c.business_number, c.service_key, c.name, c.address, c.contents) c.*
    FROM (SELECT counted.*, counted::text AS contents FROM counted WHERE copies > 1 AND columns = fullest) c
), numbered AS (
    SELECT s.*, row_number() OVER (
        PARTITION BY s.business_number, s.service_key ORDER BY s.name COLLATE "C", s.address COLLATE "C", s.contents COLLATE "C"
    ) AS listing_no
    FROM several s
)
SELECT row_number() OVER () AS id, l.*, coalesce(%(as_of)s >= i.as_of, true) AS current
FROM (
    SELECT {columns}, 1::smallint AS listing_no FROM counted WHERE copies = 1
    UNION ALL
    SELECT {columns}, listing_no::smallint FROM numbered
) l
LEFT JOIN offices_importedservice i USING (service_key);

CREATE TEMP TABLE import_key ON COMMIT DROP AS
SELECT l.service_key,
       max(l.columns) AS columns,
       max(i.as_of) AS newest,
       max(i.columns) AS newest_columns,
       coalesce(%(as_of)s >= max(i.as_of), true) AS current
FROM import_listing l LEFT JOIN offices_importedservice i USING (service_key)
GROUP BY l.service_key;

CREATE UNIQUE INDEX ON import_listing (business_number, service_key, listing_no);
ANALYZE import_listing;
ANALYZE import_key;
