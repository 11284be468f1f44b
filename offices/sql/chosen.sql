-- Which of an office's rows gives its own name, address and the rest (docs/rules-import.md).
-- The source yields the rows, each with its "row", "key" for the office, "current" and "declared".
-- Rows are ranked by what ranks them alone; the wide rest is joined afterwards.
WITH placed AS (
    SELECT s.row,
           s.key,
           coalesce(t.in_scope, '') AS scope,
           row_number() OVER (
               PARTITION BY s.key
               ORDER BY s.declared, NOT s.current, s.open_data_code <> '430', s.open_data_code = '',
                        s.open_data_code COLLATE "C", s.service_key COLLATE "C",
                        s.as_of DESC NULLS LAST, s.listing_no
           ) AS place,
           count(*) OVER (PARTITION BY s.key) AS many
    FROM ({source}) s
    LEFT JOIN offices_servicetype t ON t.code = s.service_type
), several AS (
    SELECT s.*, p.scope, p.place,
           first_value(s.name) OVER best AS best_name,
           first_value(s.full_address) OVER best AS best_address,
           bool_or(s.current) OVER (PARTITION BY s.key) AS any_current
    FROM placed p
    JOIN ({source}) s USING (row)
    WHERE p.many > 1
    WINDOW best AS (PARTITION BY s.key ORDER BY p.place)
), together AS (
    SELECT key,
           (array_agg(kana ORDER BY place) FILTER (WHERE kana <> '' AND name = best_name))[1] AS kana,
           (array_agg(municipality ORDER BY place) FILTER (WHERE municipality IS NOT NULL))[1] AS municipality,
           (array_agg(prefecture ORDER BY place) FILTER (WHERE municipality IS NOT NULL))[1] AS prefecture,
           (array_agg(latitude ORDER BY place) FILTER (WHERE latitude IS NOT NULL AND full_address = best_address))[1]
               AS latitude,
           (array_agg(longitude ORDER BY place) FILTER (WHERE latitude IS NOT NULL AND full_address = best_address))[1]
               AS longitude,
           (array_agg(phone ORDER BY place) FILTER (WHERE phone <> ''))[1] AS phone,
           (array_agg(phone_digits ORDER BY place) FILTER (WHERE phone <> ''))[1] AS phone_digits,
           (array_agg(fax ORDER BY place) FILTER (WHERE fax <> ''))[1] AS fax,
           (array_agg(url ORDER BY place) FILTER (WHERE url <> ''))[1] AS url,
           (array_agg(corporate_number ORDER BY place) FILTER (WHERE corporate_number <> ''))[1] AS corporate_number,
           (array_agg(corporation_name ORDER BY place) FILTER (WHERE corporation_name <> ''))[1] AS corporation_name,
           CASE
               WHEN bool_or(scope = 'yes') FILTER (WHERE current OR NOT any_current) THEN 'yes'
               WHEN bool_or(scope = 'short_stay') FILTER (WHERE current OR NOT any_current) THEN 'short_stay'
               WHEN bool_or(scope = 'no') FILTER (WHERE current OR NOT any_current) THEN 'no'
               ELSE ''
           END AS scope,
           string_agg(DISTINCT search_key, ' ') AS search_key,
           min(listed_from) AS listed_from,
           CASE WHEN bool_or(current AND NOT declared) THEN NULL ELSE max(listed_until) END AS listed_until
    FROM several
    GROUP BY key
)
SELECT s.key,
       s.name,
       coalesce(nullif(s.kana, ''), a.kana, '') AS kana,
       s.full_address AS address,
       s.building,
       coalesce(s.municipality, a.municipality) AS municipality,
       CASE WHEN s.municipality IS NULL THEN coalesce(a.prefecture, s.prefecture) ELSE s.prefecture END AS prefecture,
       coalesce(s.latitude, a.latitude) AS latitude,
       coalesce(s.longitude, a.longitude) AS longitude,
       coalesce(nullif(s.phone, ''), a.phone, '') AS phone,
       CASE WHEN s.phone <> '' THEN s.phone_digits ELSE coalesce(a.phone_digits, '') END AS phone_digits,
       coalesce(nullif(s.fax, ''), a.fax, '') AS fax,
       coalesce(nullif(s.url, ''), a.url, '') AS url,
       coalesce(nullif(s.corporate_number, ''), a.corporate_number, '') AS corporate_number,
       coalesce(nullif(s.corporation_name, ''), a.corporation_name, '') AS corporation_name,
       coalesce(a.scope, p.scope) AS scope,
       coalesce(a.search_key, s.search_key) AS search_key,
       coalesce(a.listed_from, s.listed_from) AS listed_from,
       CASE WHEN p.many > 1 THEN a.listed_until ELSE s.listed_until END AS listed_until
FROM placed p
JOIN ({source}) s USING (row)
LEFT JOIN together a ON a.key = p.key
WHERE p.place = 1
