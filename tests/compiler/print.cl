/* SPDX-License-Identifier: Apache-2.0 */
/* print.cl: printf, of scalars and of vectors of every size. */
kernel void print(global const int *x, global float *y)
{
    const int i = x[0];
    const float f = y[0];

    printf("%d %5.2f %-4s|%c%% %lx\n", i, f, "st", 'x', (ulong)i << 40);
    printf("%v2d %v3i %v4hlx %v8hlu\n", (int2)(i, -2), (int3)(i), (uint4)(10, i, 255, -1),
            (uint8)(1, 2, 3, 4, 5, 6, 7, i));
    printf("%v2hhd %v3hhu %v4hhx %v16hhd\n", (char2)(-1, 2), (uchar3)(255, 0, i),
            (uchar4)(10, 11, 12, 255), (char16)(i));
    printf("%v2hd %v3hu %v4hx\n", (short2)(-1, i), (ushort3)(65535, 0, i),
            (ushort4)(1, 2, 3, 65535));
    printf("%v2ld %v4lx\n", (long2)(1l << 40, -i), (ulong4)(i, 1, 2, ~0ul));
    printf("%v2hlf %v3hlf %4.1v4hle\n", (float2)(f, 2), (float3)(f, 2, 3),
            (float4)(f, 1, 2, 3));
    printf("%v2lf %v3lg %v2g\n", (double2)(f, 2), (double3)(f, 2, 3), (double2)(f));
    printf("%*v2hld|%-*d|%+.*v2hlf\n", 5, (int2)(1, i), 3, i, 1, (float2)(f, -f));
    y[0] = (float)printf("%v2d\n", (int2)(12, 345));
}
