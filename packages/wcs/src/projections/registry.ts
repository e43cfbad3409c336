import { WcsError } from "../errors.ts";
import { air } from "./air.ts";
import { ait } from "./ait.ts";
import { arc } from "./arc.ts";
import { azp } from "./azp.ts";
import { bon } from "./bon.ts";
import { car } from "./car.ts";
import { cea } from "./cea.ts";
import { cod } from "./cod.ts";
import { coe } from "./coe.ts";
import { coo } from "./coo.ts";
import { cop } from "./cop.ts";
import { csc } from "./csc.ts";
import { cyp } from "./cyp.ts";
import { hpx } from "./hpx.ts";
import { mer } from "./mer.ts";
import { mol } from "./mol.ts";
import { par } from "./par.ts";
import { pco } from "./pco.ts";
import type { Projection } from "./projection.ts";
import { qsc } from "./qsc.ts";
import { sfl } from "./sfl.ts";
import { sin } from "./sin.ts";
import { stg } from "./stg.ts";
import { szp } from "./szp.ts";
import { tan } from "./tan.ts";
import { tsc } from "./tsc.ts";
import { xph } from "./xph.ts";
import { zea } from "./zea.ts";
import { zpn } from "./zpn.ts";

const PROJECTIONS: ReadonlyMap<string, Projection> = new Map(
  [
    azp,
    szp,
    tan,
    stg,
    sin,
    arc,
    zpn,
    zea,
    air,
    cyp,
    cea,
    car,
    mer,
    cop,
    coe,
    cod,
    coo,
    sfl,
    par,
    mol,
    ait,
    bon,
    pco,
    tsc,
    csc,
    qsc,
    hpx,
    xph,
  ].map((each) => [each.code, each]),
);

/** The projection with a given code. Errors: WCS_UNSUPPORTED. */
export function projectionOf(code: string): Projection {
  const found = PROJECTIONS.get(code);
  if (found === undefined) throw new WcsError("WCS_UNSUPPORTED", `The projection ${code} is not known.`);
  return found;
}
