/* SPDX-License-Identifier: Apache-2.0 */
/* errors.cl: kernels that are called wrongly, one for each way of handing over
 * arrays; one that OpenCL's compilers refuse on demand. */

#pragma parfun split(x, y) combine(y)
kernel void e_saxpy(float a, global const float *x, global float *y)
{
    size_t i = get_global_id(0);
    y[i] = a * x[i] + y[i];
}

#pragma parfun split(x) combine(y)
kernel void e_twice(global const int *x, global int *y)
{
    size_t i = get_global_id(0);
    y[i] = 2 * x[i];
}

#pragma parfun split(x) combine(sum(double): s)
kernel void e_sum(global const float *x, global float *s)
{
    size_t i = get_global_id(0);
    s[i] = x[i];
}

#pragma parfun split(bin) combine(accumulate(sum, n): counts)
kernel void e_count(int n, global const int *bin, global int *counts)
{
    atomic_inc(&counts[bin[get_global_id(0)] % n]);
}

#pragma parfun split(x) combine(pack(keep): kept)
kernel void e_pick(global const int *x, global uchar *keep, global int *kept)
{
    size_t i = get_global_id(0);
    keep[i] = x[i] > 0;
    kept[i] = x[i];
}

#pragma parfun workgroup(8) split(x) combine(y)
kernel void e_groups(global const int *x, global int *y)
{
    size_t i = get_global_id(0);
    y[i] = x[i] + (int)get_local_id(0);
}

#pragma parfun split(rows(w), halo(h): in) combine(rows(w): out)
kernel void e_rows(int w, int h, global const int *in, global int *out)
{
    size_t i = get_global_id(0);
    for (int c = 0; c < w; c++)
        out[i * w + c] = in[(i + h) * w + c];
}

#pragma parfun split(columns(stride, 1): in) combine(out)
kernel void e_columns(int stride, global const int *in, global int *out)
{
    size_t i = get_global_id(0);
    out[i] = in[i];
}

#pragma parfun split(index) combine(y)
kernel void e_gather(global const int *table, global const int *index, global int *y)
{
    size_t i = get_global_id(0);
    y[i] = table[index[i]];
}

#pragma parfun split(order) combine(shared: y)
kernel void e_scatter(global const int *order, global int *y)
{
    y[order[get_global_id(0)]] = 1;
}

#pragma parfun range(w, items) combine(rows(w): y)
kernel void e_plane(long w, global int *y)
{
    y[get_global_id(1) * w + get_global_id(0)] = 1;
}

#pragma parfun first(begin) combine(y)
kernel void e_places(char begin, global int *y)
{
    y[get_global_id(0)] = begin;
}

#pragma parfun items(count) combine(y)
kernel void e_small(char count, global int *y)
{
    y[get_global_id(0)] = count;
}

#pragma parfun ids(absolute) combine(y)
kernel void e_absolute(global char *y)
{
    y[get_global_id(0)] = 1;
}

#pragma parfun combine(y) workgroup(4) local(n: a, b, c, d, e, f, g, h)
kernel void e_local(ulong n, local int *a, local int *b, local int *c, local int *d,
        local int *e, local int *f, local int *g, local int *h, global int *y)
{
    size_t l = get_local_id(0);
    a[l] = b[l] = c[l] = d[l] = e[l] = f[l] = g[l] = h[l] = (int)n;
    barrier(CLK_LOCAL_MEM_FENCE);
    y[get_global_id(0)] = a[3 - l] + h[3 - l];
}

/* A driver refuses it if BROKEN is defined. */
#pragma parfun split(x) combine(y)
kernel void e_broken(global const int *x, global int *y)
{
    size_t i = get_global_id(0);
#ifdef BROKEN
    y[i] = undeclared_name + x[i];
#endif
    y[i] = x[i];
}
