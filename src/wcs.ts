export * from "@sbnsis/wcs";
