-- identifiers that are not in lower case, found in any case

CREATE INDEX ix_image_obs_id_mixed ON image (lower(obs_id)) WHERE obs_id <> lower(obs_id);
