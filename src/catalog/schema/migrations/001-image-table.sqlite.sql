-- the table image of the existing service

CREATE TABLE IF NOT EXISTS image (
  id INTEGER NOT NULL,
  obs_id VARCHAR NOT NULL,
  collection VARCHAR NOT NULL,
  facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  data_product_type VARCHAR NOT NULL DEFAULT 'image',
  calibration_level INTEGER,
  target VARCHAR,
  pixel_scale DOUBLE PRECISION,
  image_url VARCHAR,
  label_url VARCHAR,
  PRIMARY KEY (id)
);

CREATE UNIQUE INDEX IF NOT EXISTS ix_image_obs_id ON image (obs_id);

CREATE INDEX IF NOT EXISTS ix_image_collection ON image (collection);

CREATE INDEX IF NOT EXISTS ix_image_facility ON image (facility);

CREATE INDEX IF NOT EXISTS ix_image_instrument ON image (instrument);
