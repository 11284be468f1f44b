SELECT
    (SELECT count(*) FROM import_new_office) AS created,
    (SELECT count(*) FROM import_changed ch JOIN offices_office o ON o.id = ch.office_id
      WHERE EXISTS (SELECT FROM import_listing l WHERE l.business_number = o.business_number)) AS updated,
    (SELECT count(*) FROM (SELECT business_number FROM import_listing GROUP BY business_number) n) AS offices,
    (SELECT count(*) FROM import_gone) AS gone,
    (SELECT count(*) FROM import_listing) AS services,
    (SELECT count(*) FROM import_listing WHERE listing_no > 1) AS number_again,
    (SELECT number FROM import_tally WHERE code = 'poorer_copy') AS poorer_copy,
    (SELECT number FROM import_tally WHERE code = 'same_row_again') AS same_row_again,
    d.name_differs, d.address_differs, d.municipality_differs
FROM (
    SELECT count(*) FILTER (WHERE one_name <> other_name) AS name_differs,
           count(*) FILTER (WHERE one_address <> other_address) AS address_differs,
           count(*) FILTER (WHERE one_place <> other_place) AS municipality_differs
    FROM (
        SELECT min(l.name) AS one_name, max(l.name) AS other_name,
               min(l.address) AS one_address, max(l.address) AS other_address,
               min(l.municipality) AS one_place, max(l.municipality) AS other_place
        FROM import_listing l
        WHERE l.business_number IN (SELECT business_number FROM import_listing GROUP BY business_number HAVING count(*) > 1)
        GROUP BY l.business_number
    ) n
) d;
