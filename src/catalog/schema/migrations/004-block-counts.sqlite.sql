-- counts by blocks of ids, for pages far into a list

-- Rows are counted by blocks of 8192 consecutive ids (BLOCK_IDS in paging/block-counts.ts). Lists
-- of combinations are separated by character 31, which XML does not allow in labels.
CREATE TABLE image_block (
  dimension VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  block INTEGER NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (dimension, value, block)
) WITHOUT ROWID;

CREATE TABLE image_sealed (blocks INTEGER NOT NULL);

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
  SELECT 'combination' AS dimension, collection || char(31) || facility || char(31)
    || instrument || char(31) || data_product_type AS value, block, sum(n) AS n
  FROM counted GROUP BY 2, 3 HAVING sum(n) <> 0;

-- Only rows in sealed blocks: newly harvested rows cost no more than a look at image_sealed.
CREATE TRIGGER image_block_insert AFTER INSERT ON image WHEN new.id < (SELECT blocks * 8192
    FROM image_sealed) BEGIN
  INSERT INTO image_block (dimension, value, block, count)
  SELECT dimension, value, new.id / 8192, 0 FROM (SELECT 'all' AS dimension, '' AS value
    UNION ALL SELECT 'collection' AS dimension, new.collection AS value
    UNION ALL SELECT 'facility' AS dimension, new.facility AS value
    UNION ALL SELECT 'instrument' AS dimension, new.instrument AS value
    UNION ALL SELECT 'data_product_type' AS dimension, new.data_product_type AS value
    UNION ALL
    SELECT 'combination' AS dimension, new.collection || char(31) || new.facility || char(31)
      || new.instrument || char(31) || new.data_product_type AS value) AS list
  WHERE new.id < (SELECT blocks * 8192 FROM image_sealed) AND NOT EXISTS (SELECT 1
    FROM image_block AS kept
    WHERE kept.dimension = list.dimension AND kept.value = list.value
      AND kept.block = new.id / 8192);
  UPDATE image_block SET count = count + (1) WHERE new.id < (SELECT blocks * 8192
    FROM image_sealed) AND (dimension, value, block) IN (SELECT dimension, value, new.id / 8192
    FROM (SELECT 'all' AS dimension, '' AS value
      UNION ALL SELECT 'collection' AS dimension, new.collection AS value
      UNION ALL SELECT 'facility' AS dimension, new.facility AS value
      UNION ALL SELECT 'instrument' AS dimension, new.instrument AS value
      UNION ALL SELECT 'data_product_type' AS dimension, new.data_product_type AS value
      UNION ALL
      SELECT 'combination' AS dimension, new.collection || char(31) || new.facility
        || char(31) || new.instrument || char(31) || new.data_product_type AS value));
  END;

CREATE TRIGGER image_block_delete AFTER DELETE ON image WHEN old.id < (SELECT blocks * 8192
    FROM image_sealed) BEGIN
  INSERT INTO image_block (dimension, value, block, count)
  SELECT dimension, value, old.id / 8192, 0 FROM (SELECT 'all' AS dimension, '' AS value
    UNION ALL SELECT 'collection' AS dimension, old.collection AS value
    UNION ALL SELECT 'facility' AS dimension, old.facility AS value
    UNION ALL SELECT 'instrument' AS dimension, old.instrument AS value
    UNION ALL SELECT 'data_product_type' AS dimension, old.data_product_type AS value
    UNION ALL
    SELECT 'combination' AS dimension, old.collection || char(31) || old.facility || char(31)
      || old.instrument || char(31) || old.data_product_type AS value) AS list
  WHERE old.id < (SELECT blocks * 8192 FROM image_sealed) AND NOT EXISTS (SELECT 1
    FROM image_block AS kept
    WHERE kept.dimension = list.dimension AND kept.value = list.value
      AND kept.block = old.id / 8192);
  UPDATE image_block SET count = count + (-1) WHERE old.id < (SELECT blocks * 8192
    FROM image_sealed) AND (dimension, value, block) IN (SELECT dimension, value, old.id / 8192
    FROM (SELECT 'all' AS dimension, '' AS value
      UNION ALL SELECT 'collection' AS dimension, old.collection AS value
      UNION ALL SELECT 'facility' AS dimension, old.facility AS value
      UNION ALL SELECT 'instrument' AS dimension, old.instrument AS value
      UNION ALL SELECT 'data_product_type' AS dimension, old.data_product_type AS value
      UNION ALL
      SELECT 'combination' AS dimension, old.collection || char(31) || old.facility
        || char(31) || old.instrument || char(31) || old.data_product_type AS value));
  END;

CREATE TRIGGER image_block_update AFTER UPDATE OF id, collection, facility, instrument, data_product_type
  ON image
  WHEN old.id < (SELECT blocks * 8192 FROM image_sealed) OR new.id < (SELECT blocks * 8192
    FROM image_sealed) BEGIN
  INSERT INTO image_block (dimension, value, block, count)
  SELECT dimension, value, old.id / 8192, 0 FROM (SELECT 'all' AS dimension, '' AS value
    UNION ALL SELECT 'collection' AS dimension, old.collection AS value
    UNION ALL SELECT 'facility' AS dimension, old.facility AS value
    UNION ALL SELECT 'instrument' AS dimension, old.instrument AS value
    UNION ALL SELECT 'data_product_type' AS dimension, old.data_product_type AS value
    UNION ALL
    SELECT 'combination' AS dimension, old.collection || char(31) || old.facility || char(31)
      || old.instrument || char(31) || old.data_product_type AS value) AS list
  WHERE old.id < (SELECT blocks * 8192 FROM image_sealed) AND NOT EXISTS (SELECT 1
    FROM image_block AS kept
    WHERE kept.dimension = list.dimension AND kept.value = list.value
      AND kept.block = old.id / 8192);
  UPDATE image_block SET count = count + (-1) WHERE old.id < (SELECT blocks * 8192
    FROM image_sealed) AND (dimension, value, block) IN (SELECT dimension, value, old.id / 8192
    FROM (SELECT 'all' AS dimension, '' AS value
      UNION ALL SELECT 'collection' AS dimension, old.collection AS value
      UNION ALL SELECT 'facility' AS dimension, old.facility AS value
      UNION ALL SELECT 'instrument' AS dimension, old.instrument AS value
      UNION ALL SELECT 'data_product_type' AS dimension, old.data_product_type AS value
      UNION ALL
      SELECT 'combination' AS dimension, old.collection || char(31) || old.facility
        || char(31) || old.instrument || char(31) || old.data_product_type AS value));
  INSERT INTO image_block (dimension, value, block, count)
  SELECT dimension, value, new.id / 8192, 0 FROM (SELECT 'all' AS dimension, '' AS value
    UNION ALL SELECT 'collection' AS dimension, new.collection AS value
    UNION ALL SELECT 'facility' AS dimension, new.facility AS value
    UNION ALL SELECT 'instrument' AS dimension, new.instrument AS value
    UNION ALL SELECT 'data_product_type' AS dimension, new.data_product_type AS value
    UNION ALL
    SELECT 'combination' AS dimension, new.collection || char(31) || new.facility || char(31)
      || new.instrument || char(31) || new.data_product_type AS value) AS list
  WHERE new.id < (SELECT blocks * 8192 FROM image_sealed) AND NOT EXISTS (SELECT 1
    FROM image_block AS kept
    WHERE kept.dimension = list.dimension AND kept.value = list.value
      AND kept.block = new.id / 8192);
  UPDATE image_block SET count = count + (1) WHERE new.id < (SELECT blocks * 8192
    FROM image_sealed) AND (dimension, value, block) IN (SELECT dimension, value, new.id / 8192
    FROM (SELECT 'all' AS dimension, '' AS value
      UNION ALL SELECT 'collection' AS dimension, new.collection AS value
      UNION ALL SELECT 'facility' AS dimension, new.facility AS value
      UNION ALL SELECT 'instrument' AS dimension, new.instrument AS value
      UNION ALL SELECT 'data_product_type' AS dimension, new.data_product_type AS value
      UNION ALL
      SELECT 'combination' AS dimension, new.collection || char(31) || new.facility
        || char(31) || new.instrument || char(31) || new.data_product_type AS value));
  END;
