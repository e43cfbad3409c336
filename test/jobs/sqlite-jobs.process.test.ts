import { jobProcessContract } from "../support/jobs/process-contract.ts";
import { sqliteJobs } from "../support/jobs/sqlite-jobs.ts";

jobProcessContract("SQLite", sqliteJobs);
