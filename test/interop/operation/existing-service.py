"""The existing service as its database sees it: SQLAlchemy's declarative model of the table image, in one process that stays open.
Reads a command in JSON from each line of its input and answers in one line of JSON."""

import json
import sys

from sqlalchemy import Column, Float, Integer, String, create_engine, func, inspect
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()


class Image(Base):
    __tablename__ = "image"
    id = Column(Integer, primary_key=True)
    obs_id = Column(String, unique=True, nullable=False, index=True)
    collection = Column(String, nullable=False, index=True)
    facility = Column(String, nullable=False, index=True)
    instrument = Column(String, nullable=False, index=True)
    data_product_type = Column(String, nullable=False, default="image")
    calibration_level = Column(Integer)
    target = Column(String)
    pixel_scale = Column(Float(53))
    image_url = Column(String)
    label_url = Column(String)


engine = create_engine(sys.argv[1])
Session = sessionmaker(bind=engine)
COLUMNS = [column.name for column in Image.__table__.columns]


def make():
    Base.metadata.create_all(engine)


def insert(first, last, facility):
    """As sbnsis-add does: all of a run in one transaction."""
    with Session() as session:
        for i in range(first, last):
            collection = f"urn:nasa:pds:old:data{i % 3}"
            session.add(
                Image(
                    obs_id=f"{collection}:o{i}",
                    collection=collection,
                    facility=facility,
                    instrument=f"Caméra {i % 2}",
                    calibration_level=i % 4 if i % 5 else None,
                    target=f"Target {i}" if i % 2 else None,
                    pixel_scale=i / 7e4,
                    image_url=f"file:///old/o{i}.fits",
                    label_url=f"file:///old/o{i}.xml",
                )
            )
        session.commit()


def rename(facility, to):
    with Session() as session:
        session.query(Image).filter(Image.facility == facility).update({"facility": to})
        session.commit()


def delete(collection):
    with Session() as session:
        session.query(Image).filter(Image.collection == collection).delete()
        session.commit()


def query(maxrec, offset, **filters):
    """As its /query."""
    with Session() as session:
        found = session.query(Image)
        for name, value in filters.items():
            found = found.filter(getattr(Image, name) == value)
        total = found.count()
        rows = found.order_by(Image.id).offset(offset).limit(maxrec)
        return {"total": total, "results": [{name: getattr(row, name) for name in COLUMNS} for row in rows]}


def summary():
    with Session() as session:
        names = [Image.collection, Image.facility, Image.instrument]
        rows = session.query(*names, func.count()).group_by(*names).all()
        return sorted([list(row) for row in rows])


def columns():
    return [[c["name"], str(c["type"]), c["nullable"]] for c in inspect(engine).get_columns("image")]


for line in sys.stdin:
    name, arguments = json.loads(line)
    print(json.dumps(globals()[name](**arguments)), flush=True)
