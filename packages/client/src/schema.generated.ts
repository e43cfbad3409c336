// Made from docs/openapi.json by scripts/write-docs.ts. Do not edit.
export interface paths {
    readonly "/images/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get an image, a cutout, a picture or a label
         * @description Without ra, dec and size: the whole image. With all three: a cutout around that position; with region, one of a part of the sky. A position off the image is refused with the footprint of the image, and a cutout larger than the service allows is refused with the limit. Pictures (jpeg, png) are resampled to a TAN frame and contain their position on the sky as XMP metadata (AVM). Pixels without data are 0.
         */
        readonly get: operations["getImage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/images/{id}/tiles": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Describe the tiles of an image
         * @description Levels, limits of brightness and histogram of a whole image, for viewers. The first request for an image reads all of it.
         */
        readonly get: operations["getTiles"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/images/{id}/tiles/{version}/{level}/{column}/{row}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a tile of an image
         * @description 256 x 256 pixels, fewer at the right and the upper edge; the form SIT1 is described in docs/tiles.md. Integers are exact at level 0; other values are rounded to an eighth of their noise unless exact=true.
         */
        readonly get: operations["getTile"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/colour": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a color picture of two or three images
         * @description The images, given as r, g and b or found by collection and filters, are resampled to one TAN plane around the position, north up and east to the left, in the finest scale of the images. Pixels without data in any of them are black. The picture contains its position on the sky as XMP metadata (AVM).
         */
        readonly get: operations["getColour"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/query": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Find images
         * @description Images must match all given parameters; collection, facility, instrument, dptype, target and filter match exactly. With any of the parameters after offset, rows have more members and the header Link contains the URL of the next page.
         */
        readonly get: operations["queryImages"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Count the images of each collection, facility and instrument */
        readonly get: operations["summarizeImages"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make cutouts of a list of moving objects
         * @description The body is a list of frames and positions: JSON of CATCH, JSON, CSV, TSV, VOTable, ADES (PSV or XML), MPC 80 columns or an ephemeris of Horizons, recognized by its Content-Type or first bytes. {"catch": "id of a job"} fetches the results of that job, if the service allows it. For rows without a frame, it is found in the catalog. A failed row does not affect the others. Posting the same list again resumes it. `Prefer: wait=20` waits for the end.
         */
        readonly post: operations["postBatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Status of a batch
         * @description `Prefer: wait=20` waits for the end.
         */
        readonly get: operations["getBatch"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a batch
         * @description Running rows are stopped. Products stay in the cache until they are evicted.
         */
        readonly delete: operations["deleteBatch"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/files.zip": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All products of a batch
         * @description A ZIP archive of uncompressed files: the products of each row, manifest.csv and README.txt. Its length is known, and ranges are supported, so a download can be resumed at any byte.
         */
        readonly get: operations["getBatchFiles"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/sheet.jpg": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Contact sheet of a batch
         * @description One square for each row: its cutout, north up, with a mark on the object, its number and the middle of the exposure (UTC). Rows without a picture show their error code.
         */
        readonly get: operations["getBatchSheet"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/frames.fits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All cutouts of a batch in one FITS file
         * @description One tile-compressed extension for each row that was made, named ROW n, with a minimal header, and a table MANIFEST with all rows. It is compressed while it is sent, so its length is not known in advance.
         */
        readonly get: operations["getBatchFrames"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Events of a batch while it runs
         * @description Server-sent events: row (its id is a sequence number), progress, product and end. A client that connects again with Last-Event-ID gets what it missed.
         */
        readonly get: operations["getBatchEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/stack.fits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch stacked, as FITS
         * @description Sampled on one plane, north up, that follows the object or the stars, and combined. FITS has the planes COVERAGE and ERROR and the table FRAMES. A row without a usable frame is left out.
         */
        readonly get: operations["getStackfits"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/stack.png": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch stacked, as a picture
         * @description Sampled on one plane, north up, that follows the object or the stars, and combined. FITS has the planes COVERAGE and ERROR and the table FRAMES. A row without a usable frame is left out.
         */
        readonly get: operations["getStackpng"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/stack.jpeg": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch stacked, as a picture
         * @description Sampled on one plane, north up, that follows the object or the stars, and combined. FITS has the planes COVERAGE and ERROR and the table FRAMES. A row without a usable frame is left out.
         */
        readonly get: operations["getStackjpeg"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/blink.png": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch as an animation (APNG)
         * @description The frames in chronological order on one plane, north up, with the same levels for sky and noise, each with its time and name.
         */
        readonly get: operations["getBlinkpng"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/blink.gif": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch as an animation (GIF)
         * @description The frames in chronological order on one plane, north up, with the same levels for sky and noise, each with its time and name.
         */
        readonly get: operations["getBlinkgif"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/blink.webp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the frames of a batch as an animation (WEBP)
         * @description The frames in chronological order on one plane, north up, with the same levels for sky and noise, each with its time and name.
         */
        readonly get: operations["getBlinkwebp"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make failed rows of a batch again
         * @description Rows with transient errors (502, 503 and 504), and rows whose frame has changed since they were made.
         */
        readonly post: operations["retryBatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/manifest.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Manifest of a batch as JSON
         * @description One row per row of the list, in the same order. While the batch runs, the rows that are finished.
         */
        readonly get: operations["getBatchManifestJSON"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/manifest.csv": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Manifest of a batch as CSV
         * @description One row per row of the list, in the same order. While the batch runs, the rows that are finished.
         */
        readonly get: operations["getBatchManifestCSV"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/batch/{id}/manifest.vot": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Manifest of a batch as VOTable
         * @description One row per row of the list, in the same order. While the batch runs, the rows that are finished.
         */
        readonly get: operations["getBatchManifestVOTable"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getImage: {
        readonly parameters: {
            readonly query?: {
                /** @description FITS file, picture, PDS4 label, or the FITS header as text with one card per line; jpg is the same as jpeg. */
                readonly format?: "fits" | "jpeg" | "jpg" | "png" | "label" | "header";
                /** @description Right ascension of the center of a cutout, ICRS (J2000): degrees from 0 to 360, or hours, minutes and seconds (10:00:00.5, 10h00m00.5s, 10 00 00.5). */
                readonly ra?: string;
                /** @description Declination of the center of a cutout, ICRS (J2000): degrees from -90 to 90, or degrees, minutes and seconds (-30:15:02, -30d15m02s, -30 15 02). */
                readonly dec?: string;
                /** @description Side of a cutout with its unit, or width x height along the axes of the image; px are pixels of the image. Angles below 1 arcsec are raised to 1 arcsec. */
                readonly size?: string;
                /** @description Instead of ra, dec and size: the smallest box with every pixel whose center is in a region of the sky, ICRS degrees: CIRCLE ra dec radius; RANGE ra1 ra2 dec1 dec2, between meridians and parallels; POLYGON ra1 dec1 ra2 dec2 ra3 dec3 ..., between great circles. */
                readonly region?: string;
                /** @description With region: pixels whose centers are outside have no value: NaN, BLANK for integers, 0 in pictures. Default: false. */
                readonly mask?: boolean;
                /** @description Rotate a picture so that north is up and east is left. */
                readonly align?: boolean;
                /** @description FITS cutouts: rice compresses the image in tiles (RICE_1), integers losslessly, floats quantized with dither: in the median step of their source, or in 16 steps per noise. Default: none. */
                readonly pack?: "none" | "rice";
                /** @description FITS cutouts: minimal leaves out all cards except structure, coordinate system with distortions, DATE-OBS, TIMESYS, MJD-OBS, EXPTIME, FILTER, BUNIT and SIS-OID. Default: full. */
                readonly header?: "full" | "minimal";
                /** @description Pictures: how values are converted to brightness, as in astropy.visualization. Default: linear. */
                readonly stretch?: "linear" | "sqrt" | "log" | "asinh" | "power";
                /** @description Exponent for stretch=power. Default: 2. */
                readonly power?: number;
                /** @description Pictures: which values are black and white: the limits of IRAF's zscale as computed by astropy, minimum and maximum, or the percentiles 0.5 and 99.5. Default: zscale. */
                readonly cut?: "zscale" | "minmax" | "percentile";
                /** @description Pictures: the value shown as black, or a percentile such as 0.5%; replaces the limit found by cut. */
                readonly min_cut?: string;
                /** @description Pictures: the value shown as white, or a percentile such as 0.5%; replaces the limit found by cut. */
                readonly max_cut?: string;
                /** @description Pictures: color map. Default: gray. */
                readonly cmap?: "gray" | "viridis" | "magma" | "inferno" | "cividis" | "plasma" | "heat" | "cool";
                /** @description Pictures: swap black and white. Pixels without data remain 0. */
                readonly invert?: boolean;
                /** @description JPEG quality. Default: 95. */
                readonly quality?: number;
                /** @description Pictures: length of the longer side in pixels; reduces by area averaging, never enlarges. */
                readonly width?: number;
                /** @description Pictures: integer enlargement; each pixel becomes a square. Cannot be combined with width; up to 33554432 pixels in total. Default: 1. */
                readonly zoom?: number;
                /** @description Pictures: interpolation between pixels. Default: nearest. */
                readonly interpolation?: "nearest" | "bilinear";
                /** @description Pictures of whole images: a first look, made from as many rows of the image as the picture has. Longer side 320, or width up to 1024. Cannot be combined with a cutout, zoom or interpolation. */
                readonly quick?: boolean;
                /** @description Pictures: a cross at RA,DEC (ICRS, degrees or sexagesimal as in ra and dec), or a circle with a radius of RADIUS arcseconds: RA,DEC,RADIUS. Repeatable. */
                readonly mark?: readonly string[];
                /** @description Pictures: an ellipse on the sky around RA,DEC (as in mark), such as the uncertainty of a position: RA,DEC,A,B,PA with semi-axes A and B in arcseconds and the position angle PA of A (degrees, north through east, ICRS). Repeatable. */
                readonly ellipse?: readonly string[];
                /** @description Pictures: the path of a moving object during the exposure, as a capsule around it: RA,DEC,LENGTH,PA with its middle at RA,DEC (as in mark), LENGTH in arcseconds and the position angle PA of the motion (degrees, north through east, ICRS). Repeatable. */
                readonly trail?: readonly string[];
                /** @description Pictures: an arrow from the center along the position angle PA (degrees, north through east, ICRS), with an optional label: PA,LABEL. Repeatable. */
                readonly arrow?: readonly string[];
                /** @description Pictures: draw a bar labelled with its length on the sky. */
                readonly scalebar?: boolean;
                /** @description Pictures: draw arrows to north and east. */
                readonly compass?: boolean;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description PDS4 logical identifier, raw or percent-encoded.
                 * @example urn:nasa:pds:survey:test-collection:test-000000
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match, If-Modified-Since and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /** @description FITS image */
                    readonly "image/fits": string;
                    /** @description JPEG picture */
                    readonly "image/jpeg": string;
                    /** @description PNG picture */
                    readonly "image/png": string;
                    /** @description PDS4 label */
                    readonly "text/xml": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /** @description FITS image */
                    readonly "image/fits": string;
                    /** @description JPEG picture */
                    readonly "image/jpeg": string;
                    /** @description PNG picture */
                    readonly "image/png": string;
                    /** @description PDS4 label */
                    readonly "text/xml": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image is stored in a place that the service is not allowed to read. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image uses a feature that this service does not support. */
            readonly 501: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image failed. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image did not respond in time. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getTiles: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description PDS4 logical identifier, raw or percent-encoded.
                 * @example urn:nasa:pds:survey:test-collection:test-000000
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tiles of an image. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description Part of the addresses of tiles; changes with the image. */
                        readonly version: string;
                        readonly width: number;
                        readonly height: number;
                        /** @description Side of a tile, pixels. */
                        readonly tile: number;
                        readonly bitpix: number;
                        /** @description BUNIT of the image. */
                        readonly unit: string | null;
                        /** @description Whether the image has pixels without a value. */
                        readonly blank: boolean;
                        /** @description Level k has the means of blocks of 2^k x 2^k pixels that have a value. */
                        readonly levels: readonly {
                            readonly level: number;
                            readonly width: number;
                            readonly height: number;
                            /** @description Whether tiles have the values of the file, not rounded. */
                            readonly exact: boolean;
                        }[];
                        readonly cuts: {
                            /** @description Limits of zscale of about 1000 evenly spaced pixels. */
                            readonly zscale: readonly number[];
                            /** @description Percentiles 0.5 and 99.5 of about 2^20 values in evenly spaced rows. */
                            readonly percentile: readonly number[];
                            /** @description Least and greatest value. */
                            readonly minmax: readonly number[];
                            readonly median: number;
                            /** @description 1.4826 times the median absolute deviation. */
                            readonly sigma: number;
                        } | null;
                        readonly histogram: {
                            readonly from: number;
                            readonly to: number;
                            readonly counts: readonly number[];
                        } | null;
                        /** @description Start of the exposure, UTC. */
                        readonly start: string | null;
                        /** @description End of the exposure, UTC. */
                        readonly stop: string | null;
                        /** @description Exposure, seconds. */
                        readonly exposure: number | null;
                        /** @description Filter. */
                        readonly filter: string | null;
                        /** @description URL of the header. */
                        readonly header: string;
                        /** @description URL of a first picture. */
                        readonly preview: string;
                    };
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image is stored in a place that the service is not allowed to read. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image uses a feature that this service does not support. */
            readonly 501: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image failed. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image did not respond in time. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getTile: {
        readonly parameters: {
            readonly query?: {
                /** @description float32 where values would be rounded. Default: false. */
                readonly exact?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description PDS4 logical identifier, raw or percent-encoded.
                 * @example urn:nasa:pds:survey:test-collection:test-000000
                 */
                readonly id: string;
                /**
                 * @description version of GET /images/{id}/tiles, or current, whose tiles browsers revalidate.
                 * @example current
                 */
                readonly version: string;
                /**
                 * @description Level, 0 for the pixels themselves.
                 * @example 0
                 */
                readonly level: string;
                /**
                 * @description Column of the tile, from 0 at the left.
                 * @example 0
                 */
                readonly column: string;
                /**
                 * @description Row of the tile, from 0 at the lower edge.
                 * @example 0
                 */
                readonly row: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tile. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image is stored in a place that the service is not allowed to read. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Default Response */
            readonly 410: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image uses a feature that this service does not support. */
            readonly 501: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image failed. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image did not respond in time. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getColour: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description PDS4 logical identifier of the image shown in red.
                 * @example urn:nasa:pds:survey:test-collection:test-000000
                 */
                readonly r?: string;
                /** @description PDS4 logical identifier of the image shown in green. Default: the mean of red and blue. */
                readonly g?: string;
                /**
                 * @description PDS4 logical identifier of the image shown in blue.
                 * @example urn:nasa:pds:survey:test-collection:test-000000
                 */
                readonly b?: string;
                /** @description Instead of r, g and b, with filters: the collection whose images are searched. */
                readonly collection?: string;
                /** @description Instead of r, g and b: two or three filters for red, (green) and blue, separated by commas, for example i,r,g. For each, the image with this filter whose middle is closest to the position is used. */
                readonly filters?: string;
                /** @description Right ascension of the center of a cutout, ICRS (J2000): degrees from 0 to 360, or hours, minutes and seconds (10:00:00.5, 10h00m00.5s, 10 00 00.5). */
                readonly ra: string;
                /** @description Declination of the center of a cutout, ICRS (J2000): degrees from -90 to 90, or degrees, minutes and seconds (-30:15:02, -30d15m02s, -30 15 02). */
                readonly dec: string;
                /** @description Side of a cutout with its unit, or width x height along the axes of the image; px are pixels of the image. Angles below 1 arcsec are raised to 1 arcsec. */
                readonly size: string;
                /** @description JPEG or PNG picture; jpg is the same as jpeg. */
                readonly format?: "jpeg" | "jpg" | "png";
                /** @description lupton: asinh of the mean of the channels, which keeps colors (make_lupton_rgb of astropy); the others: each channel by itself, as in pictures of one image. Default: lupton. */
                readonly stretch?: "lupton" | "linear" | "sqrt" | "log" | "asinh";
                /** @description stretch=lupton: softening Q of the asinh. Default: 8. */
                readonly q?: number;
                /** @description stretch=lupton: the linear stretch, in the units of the images. Default: the range of zscale of the mean of the channels. */
                readonly softening?: number;
                /** @description stretch=lupton: the value shown as black, one for all channels, or one for each: R,G,B. Default: the lower limits of zscale. */
                readonly minimum?: string;
                /** @description Other stretches: which values of a channel are black and white, for example percentile. Default: zscale. */
                readonly cut?: "zscale" | "minmax" | "percentile";
                /** @description Interpolation between pixels. Default: bilinear. */
                readonly interpolation?: "nearest" | "bilinear";
                /** @description JPEG quality. Default: 95. */
                readonly quality?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The picture. HEAD, If-None-Match, If-Modified-Since and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /** @description JPEG picture */
                    readonly "image/jpeg": string;
                    /** @description PNG picture */
                    readonly "image/png": string;
                };
            };
            /** @description The requested range of the picture. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /** @description JPEG picture */
                    readonly "image/jpeg": string;
                    /** @description PNG picture */
                    readonly "image/png": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image is stored in a place that the service is not allowed to read. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The image uses a feature that this service does not support. */
            readonly 501: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image failed. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image did not respond in time. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly queryImages: {
        readonly parameters: {
            readonly query?: {
                /** @description Only images of this collection: the first five fields of their logical identifiers. */
                readonly collection?: string;
                /** @description Only images of this facility. */
                readonly facility?: string;
                /** @description Only images of this instrument. */
                readonly instrument?: string;
                /** @description Only images of this data product type. */
                readonly dptype?: string;
                /** @description FITS file, picture, PDS4 label, or the FITS header as text with one card per line; jpg is the same as jpeg. */
                readonly format?: "fits" | "jpeg" | "jpg" | "png" | "label" | "header";
                /** @description Maximum number of rows to return. */
                readonly maxrec?: number;
                /** @description Number of rows to skip. */
                readonly offset?: number;
                /** @description Only images that show this position (ICRS, J2000), according to the corners in their labels. */
                readonly pos?: string;
                /** @description With pos: images that show any part of the circle with this radius. Default: images that show the position itself. */
                readonly radius?: string;
                /** @description Only images exposed at any time from START to STOP, both inclusive. A date, month or year means all of it. */
                readonly time?: string;
                /** @description Only images of this target. */
                readonly target?: string;
                /** @description Only images taken through this filter. */
                readonly filter?: string;
                /** @description Only the image with this logical identifier, or, with * at the end, images whose identifiers begin like this. */
                readonly obs_id?: string;
                /** @description id: order of addition (default). time: by start time, images without one last. distance: by distance from pos to the middle of the image. */
                readonly order?: "id" | "time" | "distance";
                /** @description Cursor for paging: 0 for the first page, then next of the previous response. Faster than offset, and consistent while images are added. */
                readonly after?: string;
                /** @description Format of the response: JSON (default), CSV or VOTable 1.4. */
                readonly response?: "json" | "csv" | "votable";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The matching images. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Number of matching images. */
                        readonly total: number;
                        readonly offset: number;
                        /** @description Number of rows in this response. */
                        readonly count: number;
                        /** @description Value of after for the next page; null on the last page. Only with the parameters after offset. */
                        readonly next?: string | null;
                        /** @description Only with pos, and only if there are any: number of images without a footprint, which cannot be found by position. Also in the header X-Without-Footprint. */
                        readonly without_footprint?: number;
                        readonly results: readonly {
                            readonly obs_id: string;
                            readonly collection: string;
                            readonly facility: string;
                            readonly instrument: string;
                            readonly dptype: string;
                            readonly calibration_level: number | null;
                            readonly target: string | null;
                            /** @description Degrees per pixel. */
                            readonly pixel_scale: number | null;
                            /** @description URL of the image. */
                            readonly access_url: string;
                            /** @description Start of the exposure (UTC), as written in the label. Only with the parameters after offset. */
                            readonly start?: string | null;
                            /** @description End of the exposure (UTC), as written in the label. Only with the parameters after offset. */
                            readonly stop?: string | null;
                            /** @description Exposure time, seconds. Only with the parameters after offset. */
                            readonly exposure?: number | null;
                            /** @description Only with the parameters after offset. */
                            readonly filter?: string | null;
                            /** @description Right ascension and declination of the four corners, degrees, in order around the image. Only with the parameters after offset. */
                            readonly corners?: readonly (readonly number[])[] | null;
                            /** @description Middle of the exposure, Modified Julian Date (UTC). Only with the parameters after offset. */
                            readonly mid_mjd?: number | null;
                            /** @description Right ascension of the middle of the corners (ICRS), degrees. Only with the parameters after offset. */
                            readonly center_ra?: number | null;
                            /** @description Declination of the middle of the corners (ICRS), degrees. Only with the parameters after offset. */
                            readonly center_dec?: number | null;
                            /** @description Degrees from the position to the middle of the corners. Only with pos; null without corners. */
                            readonly distance?: number | null;
                            /** @description URL of a FITS cutout around the position, as wide as the circle, or 5 arcmin without radius. Only with pos; null where such a cutout is not possible. */
                            readonly cutout_url?: string | null;
                            /** @description URL of the same cutout as a JPEG picture with north up. Only with pos; null where such a cutout is not possible. */
                            readonly preview_url?: string | null;
                        }[];
                    };
                    /** @description CSV with a header line */
                    readonly "text/csv": string;
                    /** @description VOTable 1.4 */
                    readonly "application/x-votable+xml": string;
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly summarizeImages: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One row per combination of collection, facility and instrument. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": readonly {
                        readonly collection: string;
                        readonly facility: string;
                        readonly instrument: string;
                        readonly count: number;
                    }[];
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly postBatch: {
        readonly parameters: {
            readonly query?: {
                /** @description Size of the cutouts, as in GET /images; a row may have its own. Default: 5arcmin, or pixels. */
                readonly size?: string;
                /** @description Side of the cutouts in pixels of each frame, instead of size. */
                readonly pixels?: number;
                /** @description Formats of every row. Repeatable. Default: fits. */
                readonly format?: readonly ("fits" | "jpeg" | "jpg" | "png")[];
                /** @description Pictures: north up and east left. Default: false. */
                readonly align?: boolean;
                /** @description FITS cutouts: as in GET /images. Default: none. */
                readonly pack?: "none" | "rice";
                /** @description FITS cutouts: as in GET /images. Default: full. */
                readonly header?: "full" | "minimal";
                /** @description Pictures: how values are converted to brightness, as in astropy.visualization. Default: linear. */
                readonly stretch?: "linear" | "sqrt" | "log" | "asinh" | "power";
                /** @description Exponent for stretch=power. Default: 2. */
                readonly power?: number;
                /** @description Pictures: which values are black and white: the limits of IRAF's zscale as computed by astropy, minimum and maximum, or the percentiles 0.5 and 99.5. Default: zscale. */
                readonly cut?: "zscale" | "minmax" | "percentile";
                /** @description Pictures: the value shown as black, or a percentile such as 0.5%; replaces the limit found by cut. */
                readonly min_cut?: string;
                /** @description Pictures: the value shown as white, or a percentile such as 0.5%; replaces the limit found by cut. */
                readonly max_cut?: string;
                /** @description Pictures: color map. Default: gray. */
                readonly cmap?: "gray" | "viridis" | "magma" | "inferno" | "cividis" | "plasma" | "heat" | "cool";
                /** @description Pictures: swap black and white. Pixels without data remain 0. */
                readonly invert?: boolean;
                /** @description JPEG quality. Default: 95. */
                readonly quality?: number;
                /** @description Pictures: length of the longer side in pixels; reduces by area averaging, never enlarges. */
                readonly width?: number;
                /** @description Pictures: integer enlargement; each pixel becomes a square. Cannot be combined with width; up to 33554432 pixels in total. Default: 1. */
                readonly zoom?: number;
                /** @description Pictures: interpolation between pixels. Default: nearest. */
                readonly interpolation?: "nearest" | "bilinear";
                /** @description Pictures of whole images: a first look, made from as many rows of the image as the picture has. Longer side 320, or width up to 1024. Cannot be combined with a cutout, zoom or interpolation. */
                readonly quick?: boolean;
                /** @description Pictures: a cross at RA,DEC (ICRS, degrees or sexagesimal as in ra and dec), or a circle with a radius of RADIUS arcseconds: RA,DEC,RADIUS. Repeatable. */
                readonly mark?: readonly string[];
                /** @description Pictures: an ellipse on the sky around RA,DEC (as in mark), such as the uncertainty of a position: RA,DEC,A,B,PA with semi-axes A and B in arcseconds and the position angle PA of A (degrees, north through east, ICRS). Repeatable. */
                readonly ellipse?: readonly string[];
                /** @description Pictures: the path of a moving object during the exposure, as a capsule around it: RA,DEC,LENGTH,PA with its middle at RA,DEC (as in mark), LENGTH in arcseconds and the position angle PA of the motion (degrees, north through east, ICRS). Repeatable. */
                readonly trail?: readonly string[];
                /** @description Pictures: an arrow from the center along the position angle PA (degrees, north through east, ICRS), with an optional label: PA,LABEL. Repeatable. */
                readonly arrow?: readonly string[];
                /** @description Pictures: draw a bar labelled with its length on the sky. */
                readonly scalebar?: boolean;
                /** @description Pictures: draw arrows to north and east. */
                readonly compass?: boolean;
                /** @description Pictures: marks from the values of each row, names separated by commas: object, ellipse, trail, motion, sun, velocity, north, scale. Marks for which a row has no values are left out. */
                readonly marks?: string;
                /** @description Center of the cutouts: the position as given, or carried along rate and pa to the middle of the exposure. Default: position. */
                readonly center?: "position" | "exposure";
                /** @description Frames, their difference images (ATLAS), or both, each with a row of its own. Default: science. */
                readonly images?: "science" | "difference" | "both";
                /** @description Rows without a frame are single positions, whose frames were exposed at that time, or the nodes of an ephemeris, along which all frames are found. Default: ephemeris for Horizons, time for the others. */
                readonly find?: "time" | "ephemeris";
                /** @description Meaning of unc_theta of CATCH: the angle from east towards north that Horizons states, or the position angle that CATCH documents. Default: theta. */
                readonly unc_theta?: "theta" | "pa";
                /** @description Respond with the rows as interpreted and their problems, without making anything. Default: false. */
                readonly dry?: boolean;
            };
            readonly header?: {
                /**
                 * @description wait=N: the response waits for the end of the batch, for at most N and 20 seconds.
                 * @example wait=20
                 */
                readonly prefer?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "rows": [
                 *         {
                 *           "obs_id": "urn:nasa:pds:survey:test-collection:test-000000",
                 *           "ra": 351.45,
                 *           "dec": 0.05
                 *         }
                 *       ]
                 *     }
                 */
                readonly "application/json": unknown;
                readonly "text/csv": string;
                readonly "text/tab-separated-values": string;
                readonly "application/x-votable+xml": string;
                readonly "application/xml": string;
                readonly "text/plain": string;
            };
        };
        readonly responses: {
            /** @description The batch has ended, or with dry, the rows as interpreted. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is waiting or running. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The list has more bytes, rows or pixels than the service allows. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The archive that holds the image failed. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description wait=N: the response waits for the end of the batch, for at most N and 20 seconds.
                 * @example wait=20
                 */
                readonly prefer?: string;
            };
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Status of the batch. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Hash of the request: the same list and options have the same id. */
                        readonly id: string;
                        /** @description QUEUED, EXECUTING, COMPLETED, ABORTED or ERROR, as in UWS 1.1. COMPLETED with failed rows is the normal end. */
                        readonly phase: string;
                        readonly target: string | null;
                        /** @description Form in which the list was sent. */
                        readonly form: string;
                        readonly notes: readonly string[];
                        readonly created: string;
                        /** @description When the batch is deleted (UTC). */
                        readonly expires: string;
                        readonly rows: {
                            readonly total: number;
                            readonly done: number;
                            /** @description Rows of which only some formats were made. */
                            readonly partial: number;
                            readonly failed: number;
                            /** @description Rows that an ended batch did not start. */
                            readonly skipped: number;
                        };
                        /** @description Size of all products that were made. */
                        readonly bytes: number;
                        readonly products: readonly {
                            readonly kind: string;
                            readonly url: string;
                            /** @description Whether it is complete. */
                            readonly ready: boolean;
                        }[];
                        /** @description Seconds after which to poll again; null at the end. */
                        readonly next_poll_s: number | null;
                        readonly error: {
                            readonly code: string;
                            readonly detail: string;
                        } | null;
                    };
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly deleteBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Deleted. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchFiles: {
        readonly parameters: {
            readonly query?: {
                /** @description Whether rows may be missing. Default: false, and 409 until all are finished. */
                readonly partial?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The archive. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/zip": string;
                };
            };
            /** @description Stored elsewhere: Location has its address, valid for a limited time. */
            readonly 303: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchSheet: {
        readonly parameters: {
            readonly query?: {
                /** @description Pictures side by side. Default: 10. */
                readonly columns?: number;
                /** @description Only rows after this number. */
                readonly after?: number;
                /** @description Maximum number of rows. Default: 500. */
                readonly maxrec?: number;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sheet. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchFrames: {
        readonly parameters: {
            readonly query?: {
                /** @description Whether rows may be missing. Default: false, and 409 until all are finished. */
                readonly partial?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The file. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/fits": string;
                };
            };
            /** @description Stored elsewhere: Location has its address, valid for a limited time. */
            readonly 303: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getStackfits: {
        readonly parameters: {
            readonly query?: {
                /** @description How the values of the frames at a pixel are combined. */
                readonly combine?: "mean" | "median" | "weighted" | "clipped" | "sum";
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description What is subtracted from each frame. */
                readonly background?: "median" | "plane" | "none";
                /** @description Source of the zero points that bring frames to the same flux scale. */
                readonly zp?: "none" | "header" | "rows";
                /** @description Weights of combine=weighted: inverse variances, the same divided by FWHM^2, or those of the rows. */
                readonly weights?: "sigma" | "psf" | "row";
                /** @description FITS: compress the planes in tiles with RICE_1. */
                readonly pack?: "none" | "rice";
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/fits": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/fits": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getStackpng: {
        readonly parameters: {
            readonly query?: {
                /** @description How the values of the frames at a pixel are combined. */
                readonly combine?: "mean" | "median" | "weighted" | "clipped" | "sum";
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description What is subtracted from each frame. */
                readonly background?: "median" | "plane" | "none";
                /** @description Source of the zero points that bring frames to the same flux scale. */
                readonly zp?: "none" | "header" | "rows";
                /** @description Weights of combine=weighted: inverse variances, the same divided by FWHM^2, or those of the rows. */
                readonly weights?: "sigma" | "psf" | "row";
                /** @description FITS: compress the planes in tiles with RICE_1. */
                readonly pack?: "none" | "rice";
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/png": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/png": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getStackjpeg: {
        readonly parameters: {
            readonly query?: {
                /** @description How the values of the frames at a pixel are combined. */
                readonly combine?: "mean" | "median" | "weighted" | "clipped" | "sum";
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description What is subtracted from each frame. */
                readonly background?: "median" | "plane" | "none";
                /** @description Source of the zero points that bring frames to the same flux scale. */
                readonly zp?: "none" | "header" | "rows";
                /** @description Weights of combine=weighted: inverse variances, the same divided by FWHM^2, or those of the rows. */
                readonly weights?: "sigma" | "psf" | "row";
                /** @description FITS: compress the planes in tiles with RICE_1. */
                readonly pack?: "none" | "rice";
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBlinkpng: {
        readonly parameters: {
            readonly query?: {
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description Pictures per second. More than 3 need fast=true, because flashes can cause seizures (WCAG 2.3.1). */
                readonly speed?: number;
                /** @description Allows more than three pictures per second. */
                readonly fast?: boolean;
                /** @description Side of the pictures in pixels, of the same square on the sky, instead of scale. */
                readonly width?: number;
                /** @description Order of the pictures: by time, or the first ones of all nights, then the second ones, and so on. */
                readonly order?: "time" | "nights";
                /** @description How often it is played; 0 is forever. */
                readonly loop?: number;
                /** @description Drawn into each picture, besides its time and name. Repeatable. */
                readonly marks?: readonly ("object" | "motion" | "ellipse" | "compass" | "scale")[];
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/png": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/png": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBlinkgif: {
        readonly parameters: {
            readonly query?: {
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description Pictures per second. More than 3 need fast=true, because flashes can cause seizures (WCAG 2.3.1). */
                readonly speed?: number;
                /** @description Allows more than three pictures per second. */
                readonly fast?: boolean;
                /** @description Side of the pictures in pixels, of the same square on the sky, instead of scale. */
                readonly width?: number;
                /** @description Order of the pictures: by time, or the first ones of all nights, then the second ones, and so on. */
                readonly order?: "time" | "nights";
                /** @description How often it is played; 0 is forever. */
                readonly loop?: number;
                /** @description Drawn into each picture, besides its time and name. Repeatable. */
                readonly marks?: readonly ("object" | "motion" | "ellipse" | "compass" | "scale")[];
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/gif": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/gif": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBlinkwebp: {
        readonly parameters: {
            readonly query?: {
                /** @description How frames are sampled between their pixels. */
                readonly interpolation?: "nearest" | "bilinear" | "cubic" | "lanczos3";
                /** @description Pictures per second. More than 3 need fast=true, because flashes can cause seizures (WCAG 2.3.1). */
                readonly speed?: number;
                /** @description Allows more than three pictures per second. */
                readonly fast?: boolean;
                /** @description Side of the pictures in pixels, of the same square on the sky, instead of scale. */
                readonly width?: number;
                /** @description Order of the pictures: by time, or the first ones of all nights, then the second ones, and so on. */
                readonly order?: "time" | "nights";
                /** @description How often it is played; 0 is forever. */
                readonly loop?: number;
                /** @description Drawn into each picture, besides its time and name. Repeatable. */
                readonly marks?: readonly ("object" | "motion" | "ellipse" | "compass" | "scale")[];
                /** @description Side of the square with its unit; at most 1024 pixels. Default: that of the batch. */
                readonly size?: string;
                /** @description Arcseconds per pixel. Default: those of the coarsest frame. */
                readonly scale?: number;
                /** @description What stays in place: the object, or the stars. */
                readonly align?: "object" | "sky";
                /** @description Trial motion, arcseconds per hour along pa; replaces the positions of the rows. */
                readonly rate?: number;
                /** @description Position angle of the trial motion, degrees from north through east. */
                readonly pa?: number;
                /** @description Moves every position by this many sigma along the longer axis of its uncertainty. */
                readonly along?: number;
                /** @description Numbers of rows to leave out, single ones or from-to. */
                readonly without?: string;
                /** @description Which rows belong together; a gap of more than 8 hours begins a night. */
                readonly group?: "all" | "night" | "filter" | "survey";
                /** @description Number of the group, in chronological order. */
                readonly part?: number;
                /** @description Make browsers save the file instead of showing it. */
                readonly download?: boolean;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The product. HEAD, If-None-Match and single ranges are supported. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/webp": string;
                };
            };
            /** @description The requested range of the product. */
            readonly 206: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/webp": string;
                };
            };
            /** @description The client's copy is current. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The batch is not complete. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description If-Match or If-Unmodified-Since does not hold for the current product. */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The range begins after the end of the product. */
            readonly 416: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The product needs more memory than the service allows, or could not be stored. */
            readonly 507: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly retryBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description wait=N: the response waits for the end of the batch, for at most N and 20 seconds.
                 * @example wait=20
                 */
                readonly prefer?: string;
            };
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The batch has ended. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Hash of the request: the same list and options have the same id. */
                        readonly id: string;
                        /** @description QUEUED, EXECUTING, COMPLETED, ABORTED or ERROR, as in UWS 1.1. COMPLETED with failed rows is the normal end. */
                        readonly phase: string;
                        readonly target: string | null;
                        /** @description Form in which the list was sent. */
                        readonly form: string;
                        readonly notes: readonly string[];
                        readonly created: string;
                        /** @description When the batch is deleted (UTC). */
                        readonly expires: string;
                        readonly rows: {
                            readonly total: number;
                            readonly done: number;
                            /** @description Rows of which only some formats were made. */
                            readonly partial: number;
                            readonly failed: number;
                            /** @description Rows that an ended batch did not start. */
                            readonly skipped: number;
                        };
                        /** @description Size of all products that were made. */
                        readonly bytes: number;
                        readonly products: readonly {
                            readonly kind: string;
                            readonly url: string;
                            /** @description Whether it is complete. */
                            readonly ready: boolean;
                        }[];
                        /** @description Seconds after which to poll again; null at the end. */
                        readonly next_poll_s: number | null;
                        readonly error: {
                            readonly code: string;
                            readonly detail: string;
                        } | null;
                    };
                };
            };
            /** @description The batch is waiting or running. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Hash of the request: the same list and options have the same id. */
                        readonly id: string;
                        /** @description QUEUED, EXECUTING, COMPLETED, ABORTED or ERROR, as in UWS 1.1. COMPLETED with failed rows is the normal end. */
                        readonly phase: string;
                        readonly target: string | null;
                        /** @description Form in which the list was sent. */
                        readonly form: string;
                        readonly notes: readonly string[];
                        readonly created: string;
                        /** @description When the batch is deleted (UTC). */
                        readonly expires: string;
                        readonly rows: {
                            readonly total: number;
                            readonly done: number;
                            /** @description Rows of which only some formats were made. */
                            readonly partial: number;
                            readonly failed: number;
                            /** @description Rows that an ended batch did not start. */
                            readonly skipped: number;
                        };
                        /** @description Size of all products that were made. */
                        readonly bytes: number;
                        readonly products: readonly {
                            readonly kind: string;
                            readonly url: string;
                            /** @description Whether it is complete. */
                            readonly ready: boolean;
                        }[];
                        /** @description Seconds after which to poll again; null at the end. */
                        readonly next_poll_s: number | null;
                        readonly error: {
                            readonly code: string;
                            readonly detail: string;
                        } | null;
                    };
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchManifestJSON: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rows after this number. */
                readonly after?: number;
                /** @description Maximum number of rows. */
                readonly maxrec?: number;
                /** @description Only rows with this status. */
                readonly status?: "done" | "partial" | "failed" | "skipped";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rows. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchManifestCSV: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rows after this number. */
                readonly after?: number;
                /** @description Maximum number of rows. */
                readonly maxrec?: number;
                /** @description Only rows with this status. */
                readonly status?: "done" | "partial" | "failed" | "skipped";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rows. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv; charset=utf-8; header=present": string;
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly getBatchManifestVOTable: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rows after this number. */
                readonly after?: number;
                /** @description Maximum number of rows. */
                readonly maxrec?: number;
                /** @description Only rows with this status. */
                readonly status?: "done" | "partial" | "failed" | "skipped";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the batch.
                 * @example afmerhv2de743bkwqxdkoth73w
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rows. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-votable+xml; charset=utf-8": string;
                };
            };
            /** @description The request is invalid; `detail` states the reason. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description No such image, or its file is missing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The URL is too long. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description Too many requests from this client. Try again after the time in Retry-After. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service failed, or the file of the image is damaged; the log has the reason under `job_id`. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The service is busy, or the database cannot be reached. Try again after the time in Retry-After. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": {
                        /** @description Always about:blank; code identifies the error. */
                        readonly type: string;
                        readonly title: string;
                        readonly status: number;
                        /** @description Description of the error for people. */
                        readonly detail: string;
                        /** @description Identifier of the error for programs; see docs/errors.md. */
                        readonly code: string;
                        /** @description Identifies the request in the log of the service. */
                        readonly job_id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
}
