// Uses the sources of the tree that it is in with a database that an earlier version created,
// before and after its migration. Arguments: the database, a folder of labels. Prints JSON.
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { harvest } from "../../../src/harvest/harvest.ts";
import { harvestOptions, sqliteSettings } from "../catalog/test-database.ts";
import { testService } from "../test-service.ts";

const [path = "", folder = ""] = process.argv.slice(2);
const settings = sqliteSettings(path);

/** Status and body of responses. */
async function responses(...urls: readonly string[]) {
  const catalog = await openCatalog(settings);
  const service = await testService({ catalog });
  const answers = [];
  for (const url of urls) {
    const { statusCode, body, headers } = await service.app.inject({ url });
    const isJson = String(headers["content-type"]).includes("json");
    answers.push({ statusCode, body: isJson ? JSON.parse(body) : body });
  }
  await service.close();
  await catalog.close();
  return answers;
}

async function update() {
  const catalog = await openWritableCatalog(settings);
  const steps = await catalog.createTables();
  const { outcomes } = await harvest(catalog, harvestOptions([folder], { update: true }));
  const report = await catalog.verifyTables();
  await catalog.close();
  return { steps: steps.map(({ version, title }) => `${version}: ${title}`), outcomes, report };
}

const search = "/query?wavelength_range=Visible";
const before = await responses("/query?after=0", search);
const updated = await update();
const after = await responses(
  "/query?after=0",
  search,
  `${search}&response=csv`,
  `${search}&response=votable`,
);
process.stdout.write(JSON.stringify({ before, updated, after }));
