/* SPDX-License-Identifier: Apache-2.0 */
/* floating.cl: functions of floating-point numbers with several results, or results of
 * another type: sections 6.12.2, 6.12.4 and 6.12.6; and those of vectors, 6.12.5. */

#define PREDICATES(x, y)                                                 \
    ((isequal(x, y) & 1) | (isnotequal(x, y) & 2) | (isgreater(x, y) & 4)     \
            | (isgreaterequal(x, y) & 8) | (isless(x, y) & 16)                \
            | (islessequal(x, y) & 32) | (islessgreater(x, y) & 64)           \
            | (isordered(x, y) & 128) | (isunordered(x, y) & 256)             \
            | (isfinite(x) & 512) | (isinf(x) & 1024) | (isnan(x) & 2048)     \
            | (isnormal(x) & 4096) | (signbit(x) & 8192))

/* Scalars answer 1, components of vectors -1. */
#define KERNELS(T, I)                                                         \
    kernel void predicates_##T(global int *out, global const T *x,            \
            global const T *y)                                                \
    {                                                                         \
        size_t i = get_global_id(0), n = get_global_size(0);                  \
        T a = x[i], b = y[i];                                                 \
        out[i] = isequal(a, b) << 0 | isnotequal(a, b) << 1                   \
                | isgreater(a, b) << 2 | isgreaterequal(a, b) << 3            \
                | isless(a, b) << 4 | islessequal(a, b) << 5                  \
                | islessgreater(a, b) << 6 | isordered(a, b) << 7             \
                | isunordered(a, b) << 8 | isfinite(a) << 9                   \
                | isinf(a) << 10 | isnan(a) << 11                             \
                | isnormal(a) << 12 | signbit(a) << 13;                       \
        I##3 v = PREDICATES((T##3)(a, b, a), (T##3)(b, a, b));            \
        out[n + i] = (int)v.s2;                                               \
        out[2 * n + i] = any(isless((T##2)(a, b), (T##2)(b, a)))              \
                | all(isequal((T##4)(a, a, b, b), (T##4)(b, a, b, a))) << 1   \
                | (select((T)1, (T)2, (I)(a < b)) == 2) << 2                  \
                | (select((T##2)1, (T##2)2, isgreater((T##2)b, (T##2)a)).s1   \
                          == 2) << 3;                                         \
    }                                                                         \
    kernel void two_results_##T(global T *out, global int *number,            \
            global const T *x, global const T *y)                             \
    {                                                                         \
        size_t i = get_global_id(0), n = get_global_size(0);                  \
        T whole;                                                              \
        int k;                                                                \
        out[i] = fract(x[i], &whole), out[n + i] = whole;                     \
        out[2 * n + i] = modf(x[i], &whole), out[3 * n + i] = whole;          \
        out[4 * n + i] = sincos(x[i], out + 5 * n + i);                       \
        out[6 * n + i] = frexp(x[i], &k), number[i] = k;                      \
        out[7 * n + i] = remquo(x[i], y[i], number + n + i);                  \
        out[8 * n + i] = lgamma_r(x[i], &k), number[2 * n + i] = k;           \
        number[3 * n + i] = ilogb(x[i]);                                      \
        int2 exponents;                                                       \
        out[9 * n + i] = frexp((T##2)(1, x[i]), &exponents).s1;               \
        number[4 * n + i] = exponents.s1;                                     \
        out[10 * n + i] = nan((u##I)5);                                       \
    }                                                                         \
    kernel void common_##T(global T *out, global const T *x,                  \
            global const T *y, global const T *z)                             \
    {                                                                         \
        size_t i = get_global_id(0), n = get_global_size(0);                  \
        out[i] = min(x[i], y[i]), out[n + i] = max(x[i], y[i]);               \
        out[2 * n + i] = clamp(x[i], (T)-1, (T)2);                            \
        out[3 * n + i] = degrees(x[i]), out[4 * n + i] = radians(x[i]);       \
        out[5 * n + i] = mix(x[i], y[i], z[i]);                               \
        out[6 * n + i] = step(x[i], y[i]);                                    \
        out[7 * n + i] = smoothstep((T)-1, (T)3, x[i]);                       \
        out[8 * n + i] = sign(x[i]);                                          \
        T##4 a = (T##4)(x[i], y[i], z[i], 2), b = (T##4)(z[i], 3, x[i], y[i]); \
        out[9 * n + i] = dot(a, b), out[10 * n + i] = dot(a.s012, b.s012);    \
        out[11 * n + i] = length(a), out[12 * n + i] = distance(a, b);        \
        out[13 * n + i] = normalize(a).s1;                                    \
        T##4 c = cross(a, b);                                                 \
        out[14 * n + i] = c.s0, out[15 * n + i] = c.s1, out[16 * n + i] = c.s2; \
        out[17 * n + i] = c.s3;                                               \
        out[18 * n + i] = smoothstep((T)-1, (T)3, (T##2)x[i]).s1;             \
        out[19 * n + i] = mix((T##3)x[i], (T##3)y[i], z[i]).s2;               \
    }
KERNELS(float, int)
KERNELS(double, long)
