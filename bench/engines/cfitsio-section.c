/* Times cfitsio against which the codecs of this project are measured: sections and whole frames of a FITS image.
 *
 *   cfitsio-section CLOCK FILE frame REPEAT
 *   cfitsio-section CLOCK FILE section SIDE COUNT SEED
 *
 * The image is in the first extension of a tile-compressed file. "frame" reads it whole, "section" opens the file, reads one box of
 * SIDE x SIDE at a place given by the generator of bench/codecs.ts, and closes it. Prints the milliseconds of every run, one per line,
 * then "sum" and the sum of the pixels of the last run, for comparison. CLOCK is "wall", or "cpu" for the time of this process alone. Stored integers are read as they are, without BZERO.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "fitsio.h"

static clockid_t used_clock = CLOCK_MONOTONIC;

static double now(void)
{
    struct timespec t;
    clock_gettime(used_clock, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void check(int status)
{
    if (status == 0) return;
    fits_report_error(stderr, status);
    exit(1);
}

static fitsfile *open_image(const char *path, int *type, long size[2])
{
    fitsfile *file;
    int status = 0, axes;
    fits_open_file(&file, path, READONLY, &status);
    fits_movabs_hdu(file, 2, NULL, &status);
    fits_get_img_param(file, 2, type, &axes, size, &status);
    if (*type > 0) fits_set_bscale(file, 1.0, 0.0, &status);
    check(status);
    return file;
}

static int datatype(int bitpix)
{
    switch (bitpix) {
    case BYTE_IMG: return TBYTE;
    case SHORT_IMG: return TSHORT;
    case LONG_IMG: return TINT;
    case LONGLONG_IMG: return TLONGLONG;
    case FLOAT_IMG: return TFLOAT;
    default: return TDOUBLE;
    }
}

static double sum(const void *pixels, int bitpix, long count)
{
    double total = 0;
    for (long i = 0; i < count; i++) {
        switch (bitpix) {
        case BYTE_IMG: total += ((const unsigned char *)pixels)[i]; break;
        case SHORT_IMG: total += ((const short *)pixels)[i]; break;
        case LONG_IMG: total += ((const int *)pixels)[i]; break;
        case LONGLONG_IMG: total += ((const LONGLONG *)pixels)[i]; break;
        case FLOAT_IMG: total += ((const float *)pixels)[i]; break;
        default: total += ((const double *)pixels)[i];
        }
    }
    return total;
}

int main(int argc, char **argv)
{
    int status = 0, type;
    long size[2], count, last = 0;
    void *pixels;
    if (argc < 5) return 2;
    if (strcmp(argv[1], "cpu") == 0) used_clock = CLOCK_PROCESS_CPUTIME_ID;
    argc--;
    argv++;
    fitsfile *file = open_image(argv[1], &type, size);
    fits_close_file(file, &status);
    if (strcmp(argv[2], "frame") == 0) {
        last = count = size[0] * size[1];
        pixels = calloc(count, 8);
        for (int i = 0; i < atoi(argv[3]); i++) {
            double start = now();
            file = open_image(argv[1], &type, size);
            fits_read_img(file, datatype(type), 1, count, NULL, pixels, NULL, &status);
            fits_close_file(file, &status);
            check(status);
            printf("%.3f\n", now() - start);
        }
    } else {
        long side = atol(argv[3]), stride[2] = {1, 1};
        unsigned int seed = argc > 5 ? atoi(argv[5]) : 1;
        last = side * side;
        pixels = calloc(last, 8);
        for (int i = 0; i < atoi(argv[4]); i++) {
            long first[2], end[2];
            for (int k = 0; k < 2; k++) {
                seed = seed * 1664525u + 1013904223u;
                first[k] = 1 + (long)((double)seed / 4294967296.0 * (size[k] - side));
                end[k] = first[k] + side - 1;
            }
            double start = now();
            file = open_image(argv[1], &type, size);
            fits_read_subset(file, datatype(type), first, end, stride, NULL, pixels, NULL, &status);
            fits_close_file(file, &status);
            check(status);
            printf("%.3f\n", now() - start);
        }
    }
    printf("sum %.17g\n", sum(pixels, type, last));
    return 0;
}
