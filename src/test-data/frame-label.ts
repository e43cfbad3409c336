import { pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { timeAfter } from "./cards.ts";
import type { FrameDesign, FrameLabel } from "./frame-design.ts";

/** A PDS4 label of a generated frame, with the contents of survey labels. */
export function frameLabel(design: FrameDesign, wcs: Wcs): string {
  const { label } = design;
  return `<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://pds.nasa.gov/pds4/pds/v1/PDS4_PDS_1I00.sch" schematypens="http://purl.oclc.org/dsdl/schematron"?>
<Product_Observational xmlns="http://pds.nasa.gov/pds4/pds/v1"
    xmlns:ebt="http://pds.nasa.gov/pds4/ebt/v1"
    xmlns:img="http://pds.nasa.gov/pds4/img/v1"
    xmlns:survey="http://pds.nasa.gov/pds4/survey/v1">
  <Identification_Area>
    <logical_identifier>${escapeXml(label.lid)}</logical_identifier>
    <version_id>1.0</version_id>
    <title>${escapeXml(label.title)}</title>
    <information_model_version>1.18.0.0</information_model_version>
    <product_class>Product_Observational</product_class>
  </Identification_Area>
  <Observation_Area>
    <Time_Coordinates>
      <start_date_time>${label.start}Z</start_date_time>
      <stop_date_time>${timeAfter(label.start, label.exposureSeconds)}Z</stop_date_time>
    </Time_Coordinates>
    <Primary_Result_Summary>
      <purpose>Science</purpose>
      <processing_level>Calibrated</processing_level>
      <description>Made by a program for tests: nobody has observed this.</description>
    </Primary_Result_Summary>
    <Observing_System>
${component(label.facility, "Telescope", "is_telescope")}
${component(label.instrument, "Instrument", "is_instrument")}
    </Observing_System>
    <Target_Identification>
      <name>${escapeXml(label.target)}</name>
      <type>Asteroid</type>
    </Target_Identification>
    <Discipline_Area>
      <img:Imaging>
        <img:Exposure><img:exposure_duration unit="s">${label.exposureSeconds}</img:exposure_duration></img:Exposure>
        <img:Optical_Filter><img:filter_name>${escapeXml(label.filter)}</img:filter_name></img:Optical_Filter>
      </img:Imaging>
${survey(design, wcs)}${label.matrix ? `\n${matrix(wcs)}` : ""}
    </Discipline_Area>
  </Observation_Area>
  <File_Area_Observational>
    <File><file_name>${escapeXml(design.fileName)}</file_name></File>
    <Array_2D_Image>
      <local_identifier>image</local_identifier>
      <offset unit="byte">0</offset>
      <axes>2</axes>
      <axis_index_order>Last Index Fastest</axis_index_order>
      <Element_Array><data_type>${{ 16: "SignedMSB2", "-32": "IEEE754MSBSingle", "-64": "IEEE754MSBDouble" }[design.bitpix]}</data_type></Element_Array>
      <Axis_Array><axis_name>Line</axis_name><elements>${design.height}</elements><sequence_number>1</sequence_number></Axis_Array>
      <Axis_Array><axis_name>Sample</axis_name><elements>${design.width}</elements><sequence_number>2</sequence_number></Axis_Array>
    </Array_2D_Image>
  </File_Area_Observational>
</Product_Observational>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function component(name: string, type: string, reference: string): string {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `      <Observing_System_Component>
        <name>${escapeXml(name)}</name>
        <type>${type}</type>
        <Internal_Reference>
          <lid_reference>urn:nasa:pds:context:${type.toLowerCase()}:made.${id}</lid_reference>
          <reference_type>${reference}</reference_type>
        </Internal_Reference>
      </Observing_System_Component>`;
}

function survey({ label, width, height }: FrameDesign, wcs: Wcs): string {
  return `      <survey:Survey>
        <survey:field_id>${escapeXml(label.fieldId)}</survey:field_id>
        <survey:Image_Corners>
          <survey:equinox>J2000.0</survey:equinox>
${corners(label, wcs, width, height).join("\n")}
        </survey:Image_Corners>
        <survey:Limiting_Magnitudes>
          <survey:band_name>V</survey:band_name>
          <survey:Percentage_Limit>
            <survey:percentage>50</survey:percentage>
            <survey:limiting_magnitude>${label.limitingMagnitude}</survey:limiting_magnitude>
          </survey:Percentage_Limit>
        </survey:Limiting_Magnitudes>
      </survey:Survey>`;
}

/** The outer corners of the image, its last row being the top. */
function corners({ cornerError = 0 }: FrameLabel, wcs: Wcs, width: number, height: number): string[] {
  return (
    [
      ["Top Left", -0.5, height - 0.5],
      ["Top Right", width - 0.5, height - 0.5],
      ["Bottom Left", -0.5, -0.5],
      ["Bottom Right", width - 0.5, -0.5],
    ] as const
  ).flatMap(([name, x, y]) => {
    const sky = pixelToIcrs(wcs, x, y);
    if (sky === undefined) return [];
    return `          <survey:Corner_Position>
            <survey:corner_identification>${name}</survey:corner_identification>
            <survey:Coordinate>
              <survey:right_ascension unit="deg">${sky.ra.toFixed(6)}</survey:right_ascension>
              <survey:declination unit="deg">${(sky.dec + cornerError).toFixed(6)}</survey:declination>
            </survey:Coordinate>
          </survey:Corner_Position>`;
  });
}

function matrix({ linear }: Wcs): string {
  const elements = linear.cd.map(
    (value, i) => `            <ebt:Transformation_Element>
              <ebt:world_axis_index>${1 + (i >> 1)}</ebt:world_axis_index>
              <ebt:pixel_axis_index>${1 + (i & 1)}</ebt:pixel_axis_index>
              <ebt:element_value>${value}</ebt:element_value>
            </ebt:Transformation_Element>`,
  );
  return `      <ebt:Earth_Based_Telescope_Parameters>
        <ebt:Telescope_Geometry>
          <ebt:World_Coordinate_System>
            <ebt:Coordinate_Frame_Transformation_Matrix>
${elements.join("\n")}
            </ebt:Coordinate_Frame_Transformation_Matrix>
          </ebt:World_Coordinate_System>
        </ebt:Telescope_Geometry>
      </ebt:Earth_Based_Telescope_Parameters>`;
}
