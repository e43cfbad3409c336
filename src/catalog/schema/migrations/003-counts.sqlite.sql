-- counts by collection, facility, instrument and type, kept by triggers

CREATE TABLE image_count (
  collection VARCHAR NOT NULL,
  facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  data_product_type VARCHAR NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (collection, facility, instrument, data_product_type)
) WITHOUT ROWID;

INSERT INTO image_count (collection, facility, instrument, data_product_type, count)
  SELECT collection, facility, instrument, data_product_type, count(*) FROM image
  GROUP BY collection, facility, instrument, data_product_type;

-- No upsert: SQLite would journal every statement that fires the trigger, including INSERT OR
-- FAIL, which doubles the time of an insert.
CREATE TRIGGER image_count_insert AFTER INSERT ON image BEGIN
  INSERT INTO image_count (collection, facility, instrument, data_product_type, count)
  SELECT new.collection, new.facility, new.instrument, new.data_product_type, 0
  WHERE NOT EXISTS (SELECT 1 FROM image_count
    WHERE image_count.collection = new.collection AND image_count.facility = new.facility
      AND image_count.instrument = new.instrument
      AND image_count.data_product_type = new.data_product_type);
  UPDATE image_count SET count = count + (1)
  WHERE image_count.collection = new.collection AND image_count.facility = new.facility
    AND image_count.instrument = new.instrument
    AND image_count.data_product_type = new.data_product_type;
  END;

CREATE TRIGGER image_count_delete AFTER DELETE ON image BEGIN
  INSERT INTO image_count (collection, facility, instrument, data_product_type, count)
  SELECT old.collection, old.facility, old.instrument, old.data_product_type, 0
  WHERE NOT EXISTS (SELECT 1 FROM image_count
    WHERE image_count.collection = old.collection AND image_count.facility = old.facility
      AND image_count.instrument = old.instrument
      AND image_count.data_product_type = old.data_product_type);
  UPDATE image_count SET count = count + (-1)
  WHERE image_count.collection = old.collection AND image_count.facility = old.facility
    AND image_count.instrument = old.instrument
    AND image_count.data_product_type = old.data_product_type;
  END;

CREATE TRIGGER image_count_update AFTER UPDATE OF collection, facility, instrument, data_product_type
  ON image
  BEGIN
  INSERT INTO image_count (collection, facility, instrument, data_product_type, count)
  SELECT old.collection, old.facility, old.instrument, old.data_product_type, 0
  WHERE NOT EXISTS (SELECT 1 FROM image_count
    WHERE image_count.collection = old.collection AND image_count.facility = old.facility
      AND image_count.instrument = old.instrument
      AND image_count.data_product_type = old.data_product_type);
  UPDATE image_count SET count = count + (-1)
  WHERE image_count.collection = old.collection AND image_count.facility = old.facility
    AND image_count.instrument = old.instrument
    AND image_count.data_product_type = old.data_product_type;
  INSERT INTO image_count (collection, facility, instrument, data_product_type, count)
  SELECT new.collection, new.facility, new.instrument, new.data_product_type, 0
  WHERE NOT EXISTS (SELECT 1 FROM image_count
    WHERE image_count.collection = new.collection AND image_count.facility = new.facility
      AND image_count.instrument = new.instrument
      AND image_count.data_product_type = new.data_product_type);
  UPDATE image_count SET count = count + (1)
  WHERE image_count.collection = new.collection AND image_count.facility = new.facility
    AND image_count.instrument = new.instrument
    AND image_count.data_product_type = new.data_product_type;
  END;
