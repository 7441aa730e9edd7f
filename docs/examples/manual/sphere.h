/* A struct that C and OpenCL C share. */
#ifndef SPHERE_H
#define SPHERE_H

/* part: both */
#ifdef __OPENCL_VERSION__
typedef float4 vector;
#else
#include <parfun.h>
#include <parfun/kernel.h>
typedef parfun_float4 vector;
#endif

struct sphere {
    vector centre;
    float radius;
    int marks; /* how often it was hit */
};
/* end */

#endif
