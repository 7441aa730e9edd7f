/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h: the functions of the OpenCL loader, which is opened at run time, so
 * that programs start where there is no OpenCL.
 */
#ifndef PF_OPENCL_LIBRARY_H
#define PF_OPENCL_LIBRARY_H

#ifndef CL_TARGET_OPENCL_VERSION
#define CL_TARGET_OPENCL_VERSION 120
#endif
#include <CL/cl.h>

/* All that the backend calls; all are in OpenCL 1.2. */
#define PF_OPENCL_FUNCTIONS(X)   \
    X(clGetPlatformIDs)          \
    X(clGetPlatformInfo)         \
    X(clGetDeviceIDs)            \
    X(clGetDeviceInfo)           \
    X(clCreateSubDevices)        \
    X(clReleaseDevice)           \
    X(clCreateContext)           \
    X(clReleaseContext)          \
    X(clCreateCommandQueue)      \
    X(clReleaseCommandQueue)     \
    X(clCreateBuffer)            \
    X(clReleaseMemObject)        \
    X(clCreateProgramWithSource) \
    X(clCreateProgramWithBinary) \
    X(clBuildProgram)            \
    X(clGetProgramInfo)          \
    X(clGetProgramBuildInfo)     \
    X(clReleaseProgram)          \
    X(clCreateKernel)            \
    X(clGetKernelWorkGroupInfo)  \
    X(clSetKernelArg)            \
    X(clReleaseKernel)           \
    X(clEnqueueNDRangeKernel)    \
    X(clEnqueueWriteBuffer)      \
    X(clEnqueueWriteBufferRect)  \
    X(clEnqueueReadBuffer)       \
    X(clEnqueueReadBufferRect)   \
    X(clEnqueueCopyBuffer)       \
    X(clEnqueueMapBuffer)        \
    X(clEnqueueUnmapMemObject)   \
    X(clFlush)                   \
    X(clSetEventCallback)        \
    X(clGetEventInfo)            \
    X(clGetEventProfilingInfo)   \
    X(clReleaseEvent)

#define PF_OPENCL_MEMBER(name) __typeof__(name) *name;

struct pf_opencl_library {
    PF_OPENCL_FUNCTIONS(PF_OPENCL_MEMBER)
};

#undef PF_OPENCL_MEMBER

/* Opens the loader, which stays open until the process ends: drivers have threads
 * of their own.  NULL, or a sentence (static) that says what is missing and what
 * to install. */
const char *pf_opencl_library_open(struct pf_opencl_library *library);

#endif
