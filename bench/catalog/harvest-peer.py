"""The plain way of harvesting, for bench/catalog/harvest.ts: one label after another through ElementTree into sqlite3.

usage: harvest-peer.py FOLDER LABELS COMMIT_EACH
COMMIT_EACH 1: a commit for each label, as a program that keeps what it has does; 0: one commit at the end, so one bad label loses all.
"""

import os
import sqlite3
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

folder, most, commit_each = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1"
PDS = "{http://pds.nasa.gov/pds4/pds/v1}"
EBT = "{http://pds.nasa.gov/pds4/ebt/v1}"


def record(path):
    root = ElementTree.parse(path).getroot()
    lid = root.find(f"{PDS}Identification_Area/{PDS}logical_identifier").text
    names = {}
    for component in root.iter(f"{PDS}Observing_System_Component"):
        kind = component.find(f"{PDS}Internal_Reference/{PDS}reference_type").text
        names[kind] = " ".join(component.find(f"{PDS}name").text.split())
    matrix = [float(value.text) for value in root.iter(f"{EBT}element_value")]
    scale = (abs(matrix[0] * matrix[3]) + abs(matrix[1] * matrix[2])) ** 0.5
    level = root.find(f".//{PDS}Primary_Result_Summary/{PDS}processing_level").text
    target = root.find(f".//{PDS}Target_Identification/{PDS}name").text
    name = root.find(f"{PDS}File_Area_Observational/{PDS}File/{PDS}file_name").text
    url = "file://" + os.path.join(os.path.dirname(path), name)
    collection = ":".join(lid.split(":")[:5])
    levels = {"Partially Processed": 1, "Calibrated": 2, "Derived": 3}
    return (lid, collection, names["is_telescope"], names["is_instrument"], "image", levels[level], target, scale, url, "file://" + path)


with tempfile.TemporaryDirectory() as scratch:
    database = sqlite3.connect(os.path.join(scratch, "peer.db"))
    database.execute(
        "CREATE TABLE image (id INTEGER PRIMARY KEY, obs_id VARCHAR NOT NULL UNIQUE, collection VARCHAR, facility VARCHAR,"
        " instrument VARCHAR, data_product_type VARCHAR, calibration_level INTEGER, target VARCHAR, pixel_scale FLOAT,"
        " image_url VARCHAR, label_url VARCHAR)"
    )
    for column in ("collection", "facility", "instrument"):
        database.execute(f"CREATE INDEX ix_{column} ON image ({column})")
    done = 0
    started, busy = time.perf_counter(), time.process_time()
    for directory, _, files in os.walk(folder):
        for name in files:
            if not name.endswith(".xml") or done >= most:
                continue
            row = record(os.path.join(directory, name))
            known = database.execute("SELECT count(*) FROM image WHERE obs_id = ?", row[:1]).fetchone()[0]
            if not known:
                database.execute(f"INSERT INTO image VALUES (NULL{', ?' * 10})", row)
            if commit_each:
                database.commit()
            done += 1
    database.commit()
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    how = "a commit for each label" if commit_each else "one commit at the end"
    print(f"peer (ElementTree and sqlite3, {how}): {done / seconds:.0f} labels/s; {done / busy:.0f} per second of processor time")
