-- Which of an office's rows gives its own name, address and the rest (docs/rules-import.md).
-- The source yields the rows, with "key" for the office, "current" and "declared".
WITH placed AS (
    SELECT s.*,
           coalesce(t.in_scope, '') AS scope,
           row_number() OVER best AS place,
           first_value(s.name) OVER best AS best_name,
           first_value(s.full_address) OVER best AS best_address,
           count(*) OVER office AS many,
           bool_or(s.current) OVER office AS any_current
    FROM ({source}) s
    LEFT JOIN offices_servicetype t ON t.code = s.service_type
    WINDOW office AS (PARTITION BY s.key),
           best AS (
               PARTITION BY s.key
               ORDER BY s.declared, NOT s.current, s.open_data_code <> '430', s.open_data_code = '',
                        s.open_data_code COLLATE "C", s.service_key COLLATE "C",
                        s.as_of DESC NULLS LAST, s.listing_no
           )
), together AS (
    SELECT key,
           (array_agg(kana ORDER BY place) FILTER (WHERE kana <> '' AND name = best_name))[1] AS kana,
           (array_agg(municipality ORDER BY place) FILTER (WHERE municipality IS NOT NULL))[1] AS municipality,
           (array_agg(prefecture ORDER BY place) FILTER (WHERE municipality IS NOT NULL))[1] AS prefecture,
           (array_agg(latitude ORDER BY place) FILTER (WHERE latitude IS NOT NULL AND full_address = best_address))[1] AS latitude,
           (array_agg(longitude ORDER BY place) FILTER (WHERE latitude IS NOT NULL AND full_address = best_address))[1] AS longitude,
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
    FROM placed
    WHERE many > 1
    GROUP BY key
)
SELECT p.key,
       p.name,
       coalesce(nullif(p.kana, ''), a.kana, '') AS kana,
       p.full_address AS address,
       p.building,
       coalesce(p.municipality, a.municipality) AS municipality,
       CASE WHEN p.municipality IS NULL THEN coalesce(a.prefecture, p.prefecture) ELSE p.prefecture END AS prefecture,
       coalesce(p.latitude, a.latitude) AS latitude,
       coalesce(p.longitude, a.longitude) AS longitude,
       coalesce(nullif(p.phone, ''), a.phone, '') AS phone,
       CASE WHEN p.phone <> '' THEN p.phone_digits ELSE coalesce(a.phone_digits, '') END AS phone_digits,
       coalesce(nullif(p.fax, ''), a.fax, '') AS fax,
       coalesce(nullif(p.url, ''), a.url, '') AS url,
       coalesce(nullif(p.corporate_number, ''), a.corporate_number, '') AS corporate_number,
       coalesce(nullif(p.corporation_name, ''), a.corporation_name, '') AS corporation_name,
       coalesce(a.scope, p.scope) AS scope,
       coalesce(a.search_key, p.search_key) AS search_key,
       coalesce(a.listed_from, p.listed_from) AS listed_from,
       CASE WHEN p.many > 1 THEN a.listed_until ELSE p.listed_until END AS listed_until
FROM placed p
LEFT JOIN together a USING (key)
WHERE p.place = 1
