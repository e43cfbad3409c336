-- the coverage of each survey on the sky

CREATE TABLE image_coverage (
  survey VARCHAR PRIMARY KEY,
  moc_order INTEGER NOT NULL,
  area DOUBLE PRECISION NOT NULL,
  footprints BIGINT NOT NULL,
  upto BIGINT NOT NULL,
  moc VARCHAR NOT NULL
);
