/** Contents of a generated label; everything has a default. */
export interface LabelParts {
  readonly lid?: string;
  readonly version?: string;
  readonly title?: string;
  readonly time?: string;
  readonly level?: string;
  readonly system?: string;
  readonly target?: string;
  readonly discipline?: string;
  readonly files?: string;
  readonly file?: string;
}

/** A component of an Observing_System. */
export function component(name: string, type: string, reference?: string): string {
  const link =
    reference === undefined
      ? ""
      : `<Internal_Reference><lid_reference>urn:nasa:pds:context:x:y</lid_reference><reference_type>${reference}</reference_type></Internal_Reference>`;
  return `<Observing_System_Component><name>${name}</name><type>${type}</type>${link}</Observing_System_Component>`;
}

/** survey:Survey with corners in the order top left, top right, bottom left, bottom right. */
export function corners(places: readonly (readonly [number, number])[]): string {
  const names = ["Top Left", "Top Right", "Bottom Left", "Bottom Right"];
  const positions = places.map(
    ([ra, dec], i) =>
      `<survey:Corner_Position><survey:corner_identification>${names[i]}</survey:corner_identification><survey:Coordinate><survey:right_ascension unit="deg">${ra}</survey:right_ascension><survey:declination unit="deg">${dec}</survey:declination></survey:Coordinate></survey:Corner_Position>`,
  );
  return `<survey:Survey><survey:field_id>F1</survey:field_id><survey:Image_Corners>${positions.join("")}</survey:Image_Corners></survey:Survey>`;
}

/** A label of an image, as surveys write them. */
export function makeLabel(parts: LabelParts = {}): string {
  const file = parts.file ?? "image.fits";
  return `<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://pds.nasa.gov/pds4/pds/v1/PDS4_PDS_1I00.sch" schematypens="http://purl.oclc.org/dsdl/schematron"?>
<Product_Observational xmlns="http://pds.nasa.gov/pds4/pds/v1" xmlns:survey="http://pds.nasa.gov/pds4/survey/v1" xmlns:ebt="http://pds.nasa.gov/pds4/ebt/v1" xmlns:img="http://pds.nasa.gov/pds4/img/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Identification_Area><logical_identifier>${parts.lid ?? "urn:nasa:pds:made.survey:data:one"}</logical_identifier><version_id>${parts.version ?? "1.0"}</version_id><title>${parts.title ?? "made"}</title></Identification_Area>
<Observation_Area>${parts.time ?? "<Time_Coordinates><start_date_time>2020-07-14T04:15:00Z</start_date_time><stop_date_time>2020-07-14T04:15:30Z</stop_date_time></Time_Coordinates>"}
<Primary_Result_Summary><processing_level>${parts.level ?? "Calibrated"}</processing_level></Primary_Result_Summary>
<Observing_System>${parts.system ?? component("Scope", "Telescope", "is_telescope") + component("Camera", "Instrument", "is_instrument")}</Observing_System>
${parts.target ?? "<Target_Identification><name>Multiple\n   Asteroids</name></Target_Identification>"}
<Discipline_Area>${parts.discipline ?? ""}</Discipline_Area></Observation_Area>
${parts.files ?? `<File_Area_Observational><File><file_name>${file}</file_name></File><Array_2D_Image/></File_Area_Observational>`}
</Product_Observational>`;
}
