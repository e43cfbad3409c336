-- corners beside the footprints, for searches by place

-- A new table that replaces the old one at the very end, so that readers do not wait.
LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE image_footprint_new (id INTEGER PRIMARY KEY, xy BOX NOT NULL, z BOX NOT NULL,
  corners VARCHAR NOT NULL);

INSERT INTO image_footprint_new SELECT id, xy, z, corners
  FROM image_footprint JOIN image_detail ON image_id = id WHERE corners IS NOT NULL ORDER BY id;

CREATE INDEX ix_image_footprint_new ON image_footprint_new USING gist (xy, z);

-- With the owner of the old table and the rights granted on it.
DO $rights$ DECLARE given record; BEGIN
  EXECUTE (SELECT format('ALTER TABLE image_footprint_new OWNER TO %I', pg_get_userbyid(relowner))
    FROM pg_class WHERE oid = 'image_footprint'::regclass);
  FOR given IN SELECT privilege_type,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
    FROM pg_class, aclexplode(relacl) WHERE oid = 'image_footprint'::regclass
    LOOP EXECUTE format('GRANT %s ON image_footprint_new TO %s',
      given.privilege_type, given.grantee); END LOOP;
END $rights$;

DROP TABLE image_footprint;

ALTER TABLE image_footprint_new RENAME TO image_footprint;

ALTER INDEX image_footprint_new_pkey RENAME TO image_footprint_pkey;

ALTER INDEX ix_image_footprint_new RENAME TO ix_image_footprint;

ANALYZE image_footprint;
