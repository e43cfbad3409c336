export * from "@sbnsis/fits";
