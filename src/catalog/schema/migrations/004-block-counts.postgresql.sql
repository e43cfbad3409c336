-- counts by blocks of ids, for pages far into a list

-- Rows are counted by blocks of 8192 consecutive ids (BLOCK_IDS in paging/block-counts.ts). Lists
-- of combinations are separated by character 31, which XML does not allow in labels. Rows are
-- only added, as in image_count_change, and summed up when blocks are sealed.
CREATE TABLE image_block (
  dimension VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  block INTEGER NOT NULL,
  count BIGINT NOT NULL
);

CREATE TABLE image_sealed (blocks BIGINT NOT NULL);

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_block_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    IF EXISTS (SELECT FROM (SELECT id, collection, facility, instrument, data_product_type, 1 AS n
        FROM added) AS touched WHERE id < (SELECT blocks * 8192 FROM image_sealed)) THEN
    INSERT INTO image_block (dimension, value, block, count)
    WITH counted AS (SELECT collection, facility, instrument, data_product_type, id / 8192 AS block,
      n
      FROM (SELECT id, collection, facility, instrument, data_product_type, 1 AS n
        FROM added) AS changed WHERE id < (SELECT blocks * 8192 FROM image_sealed))
    SELECT 'all' AS dimension, '' AS value, block, sum(n) AS n FROM counted GROUP BY 2, 3
    HAVING sum(n) <> 0
    UNION ALL SELECT 'collection' AS dimension, collection AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'facility' AS dimension, facility AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'instrument' AS dimension, instrument AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'data_product_type' AS dimension, data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'combination' AS dimension, collection || chr(31) || facility || chr(31)
      || instrument || chr(31) || data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_block_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    IF EXISTS (SELECT FROM (SELECT id, collection, facility, instrument, data_product_type, -1 AS n
        FROM gone) AS touched WHERE id < (SELECT blocks * 8192 FROM image_sealed)) THEN
    INSERT INTO image_block (dimension, value, block, count)
    WITH counted AS (SELECT collection, facility, instrument, data_product_type, id / 8192 AS block,
      n
      FROM (SELECT id, collection, facility, instrument, data_product_type, -1 AS n
        FROM gone) AS changed WHERE id < (SELECT blocks * 8192 FROM image_sealed))
    SELECT 'all' AS dimension, '' AS value, block, sum(n) AS n FROM counted GROUP BY 2, 3
    HAVING sum(n) <> 0
    UNION ALL SELECT 'collection' AS dimension, collection AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'facility' AS dimension, facility AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'instrument' AS dimension, instrument AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'data_product_type' AS dimension, data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'combination' AS dimension, collection || chr(31) || facility || chr(31)
      || instrument || chr(31) || data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_block_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
    IF EXISTS (SELECT FROM (SELECT id, collection, facility, instrument, data_product_type, 1 AS n
        FROM added
        UNION ALL SELECT id, collection, facility, instrument, data_product_type, -1 AS n
        FROM gone) AS touched WHERE id < (SELECT blocks * 8192 FROM image_sealed)) THEN
    INSERT INTO image_block (dimension, value, block, count)
    WITH counted AS (SELECT collection, facility, instrument, data_product_type, id / 8192 AS block,
      n
      FROM (SELECT id, collection, facility, instrument, data_product_type, 1 AS n FROM added
        UNION ALL SELECT id, collection, facility, instrument, data_product_type, -1 AS n
        FROM gone) AS changed WHERE id < (SELECT blocks * 8192 FROM image_sealed))
    SELECT 'all' AS dimension, '' AS value, block, sum(n) AS n FROM counted GROUP BY 2, 3
    HAVING sum(n) <> 0
    UNION ALL SELECT 'collection' AS dimension, collection AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'facility' AS dimension, facility AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL SELECT 'instrument' AS dimension, instrument AS value, block, sum(n) AS n FROM counted
    GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'data_product_type' AS dimension, data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'combination' AS dimension, collection || chr(31) || facility || chr(31)
      || instrument || chr(31) || data_product_type AS value, block, sum(n) AS n
    FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

DO $install$ BEGIN
  EXECUTE format($format$CREATE OR REPLACE FUNCTION image_block_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN DELETE FROM image_block;
    UPDATE image_sealed SET blocks = 0;
    RETURN NULL;
    END $body$ $format$, current_schema());
  END $install$;

-- Nobody may write between the count and the triggers.
LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO image_sealed SELECT coalesce(max(id) / 8192, 0) FROM image;

INSERT INTO image_block (dimension, value, block, count)
  WITH counted AS (SELECT collection, facility, instrument, data_product_type, id / 8192 AS block,
      count(*) AS n
    FROM image WHERE id < (SELECT blocks * 8192 FROM image_sealed)
    GROUP BY collection, facility, instrument, data_product_type, id / 8192)
  SELECT 'all' AS dimension, '' AS value, block, sum(n) AS n FROM counted GROUP BY 2, 3
  HAVING sum(n) <> 0
  UNION ALL SELECT 'collection' AS dimension, collection AS value, block, sum(n) AS n FROM counted
  GROUP BY 2, 3 HAVING sum(n) <> 0
  UNION ALL SELECT 'facility' AS dimension, facility AS value, block, sum(n) AS n FROM counted
  GROUP BY 2, 3 HAVING sum(n) <> 0
  UNION ALL SELECT 'instrument' AS dimension, instrument AS value, block, sum(n) AS n FROM counted
  GROUP BY 2, 3 HAVING sum(n) <> 0
  UNION ALL
  SELECT 'data_product_type' AS dimension, data_product_type AS value, block, sum(n) AS n
  FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0
  UNION ALL
  SELECT 'combination' AS dimension, collection || chr(31) || facility || chr(31)
    || instrument || chr(31) || data_product_type AS value, block, sum(n) AS n
  FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0;

CREATE INDEX ix_image_block ON image_block (dimension, value, block) INCLUDE (count);

CREATE TRIGGER image_block_insert AFTER INSERT ON image REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION image_block_inserted();

CREATE TRIGGER image_block_delete AFTER DELETE ON image REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION image_block_deleted();

CREATE TRIGGER image_block_update AFTER UPDATE ON image
  REFERENCING OLD TABLE AS gone NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION image_block_updated();

CREATE TRIGGER image_block_truncate AFTER TRUNCATE ON image
  FOR EACH STATEMENT EXECUTE FUNCTION image_block_emptied();
