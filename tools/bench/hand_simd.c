/* SPDX-License-Identifier: Apache-2.0 */
/* hand_simd.c: the same with explicit vectors, where an engineer would write them:
 * AVX-512 intrinsics, exp and log of libmvec. */
#include "work.h"

#include <immintrin.h>

enum { LANES = 16 };

__m512 _ZGVeN16v_expf(__m512 x);
__m512 _ZGVeN16v_logf(__m512 x);

static __m512 one(float x)
{
    return _mm512_set1_ps(x);
}

static __m512 normal(__m512 x)
{
    const __m512 k = _mm512_div_ps(
            one(1), _mm512_fmadd_ps(one(0.2316419f), _mm512_abs_ps(x), one(1)));
    __m512 p = _mm512_fmadd_ps(k, one(1.330274429f), one(-1.821255978f));
    __m512 tail;

    p = _mm512_fmadd_ps(k, p, one(1.781477937f));
    p = _mm512_fmadd_ps(k, p, one(-0.356563782f));
    p = _mm512_fmadd_ps(k, p, one(0.319381530f));
    tail = _ZGVeN16v_expf(_mm512_mul_ps(_mm512_mul_ps(x, x), one(-0.5f)));
    tail = _mm512_mul_ps(
            _mm512_mul_ps(tail, one(0.3989422804f)), _mm512_mul_ps(k, p));
    return _mm512_mask_sub_ps(tail,
            _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GE_OQ), one(1), tail);
}

static void black_scholes(struct work *work, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += LANES) {
        const __mmask16 mask =
                (__mmask16)(end - i < LANES ? (1u << (end - i)) - 1 : 0xffff);
        __m512 in[6], deviation, d1, receive, pay, price, drift;

        for (size_t k = 0; k < 6; k++)
            in[k] = _mm512_mask_loadu_ps(one(1), mask, work->option[k] + i);
        deviation = _mm512_mul_ps(in[4], _mm512_sqrt_ps(in[5]));
        drift = _mm512_fmadd_ps(_mm512_mul_ps(in[4], one(0.5f)), in[4],
                _mm512_sub_ps(in[2], in[3]));
        d1 = _mm512_div_ps(_mm512_fmadd_ps(drift, in[5],
                                   _ZGVeN16v_logf(_mm512_div_ps(in[0], in[1]))),
                deviation);
        receive = _mm512_mul_ps(in[0],
                _ZGVeN16v_expf(_mm512_sub_ps(
                        _mm512_setzero_ps(), _mm512_mul_ps(in[3], in[5]))));
        pay = _mm512_mul_ps(in[1],
                _ZGVeN16v_expf(_mm512_sub_ps(
                        _mm512_setzero_ps(), _mm512_mul_ps(in[2], in[5]))));
        price = _mm512_fmsub_ps(receive, normal(d1),
                _mm512_mul_ps(pay, normal(_mm512_sub_ps(d1, deviation))));
        _mm512_mask_storeu_ps(work->call + i, mask, price);
        _mm512_mask_storeu_ps(work->put + i, mask,
                _mm512_sub_ps(price, _mm512_sub_ps(receive, pay)));
    }
}

static __m512i points(const struct work *work, __m512 a, __m512 b)
{
    __m512 x = _mm512_setzero_ps(), y = x;
    __m512i n = _mm512_setzero_si512();
    __mmask16 inside = 0xffff;

    for (int step = 0; step < work->limit && inside; step++) {
        const __m512 xx = _mm512_mul_ps(x, x), yy = _mm512_mul_ps(y, y);

        inside = _mm512_mask_cmp_ps_mask(
                inside, _mm512_add_ps(xx, yy), one(4), _CMP_LT_OQ);
        n = _mm512_mask_add_epi32(n, inside, n, _mm512_set1_epi32(1));
        y = _mm512_fmadd_ps(_mm512_add_ps(x, x), y, b);
        x = _mm512_add_ps(_mm512_sub_ps(xx, yy), a);
    }
    return n;
}

/* Widths are multiples of LANES here. */
static void mandelbrot(struct work *work, size_t begin, size_t end)
{
    const __m512i index =
            _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    for (size_t row = begin; row < end; row++)
        for (int column = 0; column < work->width; column += LANES) {
            const __m512 lane = _mm512_cvtepi32_ps(
                    _mm512_add_epi32(_mm512_set1_epi32(column), index));

            _mm512_storeu_si512(
                    work->steps + row * (size_t)work->width + (size_t)column,
                    points(work,
                            _mm512_fmadd_ps(one(work->step), lane, one(work->left)),
                            one(work->top + work->step * (float)row)));
        }
}

/* 16 bodies of x, y, z, mass as four vectors. */
static void transpose(const parfun_float4 *body, __m512 of[4])
{
    const __m512i stride = _mm512_set_epi32(
            60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8, 4, 0);

    for (size_t c = 0; c < 4; c++)
        of[c] = _mm512_i32gather_ps(stride, &body->s[c], 4);
}

static void nbody(struct work *work, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += LANES) {
        __m512 p[4],
                a[3] = { _mm512_setzero_ps(), _mm512_setzero_ps(),
                    _mm512_setzero_ps() };
        _Alignas(64) float lanes[3][LANES];

        transpose(work->body + i, p);
        for (size_t j = 0; j < work->items[WORK_BODIES]; j++) {
            const float *q = work->body[j].s;
            const __m512 dx = _mm512_sub_ps(one(q[0]), p[0]);
            const __m512 dy = _mm512_sub_ps(one(q[1]), p[1]);
            const __m512 dz = _mm512_sub_ps(one(q[2]), p[2]);
            const __m512 r2 = _mm512_fmadd_ps(dx, dx,
                    _mm512_fmadd_ps(
                            dy, dy, _mm512_fmadd_ps(dz, dz, one(work->softening))));
            /* An estimate of 14 bits, and a step of Newton's. */
            __m512 inverse = _mm512_rsqrt14_ps(r2), s;

            s = _mm512_mul_ps(_mm512_mul_ps(r2, inverse), inverse);
            inverse = _mm512_mul_ps(
                    inverse, _mm512_fnmadd_ps(s, one(0.5f), one(1.5f)));
            s = _mm512_mul_ps(_mm512_mul_ps(one(q[3]), inverse),
                    _mm512_mul_ps(inverse, inverse));
            a[0] = _mm512_fmadd_ps(dx, s, a[0]);
            a[1] = _mm512_fmadd_ps(dy, s, a[1]);
            a[2] = _mm512_fmadd_ps(dz, s, a[2]);
        }
        for (size_t c = 0; c < 3; c++)
            _mm512_store_ps(lanes[c], a[c]);
        for (size_t k = 0; k < LANES && i + k < end; k++)
            work->pull[i + k] = (parfun_float4){ .s = { lanes[0][k], lanes[1][k],
                                                         lanes[2][k], 0 } };
    }
}

/* Tiles of 8 rows and 32 columns stay in registers; sizes are multiples of them. */
static void sgemm(struct work *work, size_t begin, size_t end)
{
    const size_t columns = work->columns, inner = work->inner;

    for (size_t j = 0; j < columns; j += 2 * LANES)
        for (size_t row = begin; row < end; row += 8) {
            __m512 c[8][2];

            for (size_t r = 0; r < 8; r++)
                c[r][0] = c[r][1] = _mm512_setzero_ps();
            for (size_t k = 0; k < inner; k++) {
                const float *b = work->right_matrix + k * columns + j;
                const __m512 b0 = _mm512_loadu_ps(b),
                             b1 = _mm512_loadu_ps(b + LANES);

                for (size_t r = 0; r < 8; r++) {
                    const __m512 a = one(work->left_matrix[(row + r) * inner + k]);

                    c[r][0] = _mm512_fmadd_ps(a, b0, c[r][0]);
                    c[r][1] = _mm512_fmadd_ps(a, b1, c[r][1]);
                }
            }
            for (size_t r = 0; r < 8; r++) {
                _mm512_storeu_ps(work->product + (row + r) * columns + j, c[r][0]);
                _mm512_storeu_ps(
                        work->product + (row + r) * columns + j + LANES, c[r][1]);
            }
        }
}

extern const struct hand HAND;
const struct hand HAND = { .name = HAND_FLAGS,
    .part = { [WORK_OPTIONS] = black_scholes,
            [WORK_MANDELBROT] = mandelbrot,
            [WORK_BODIES] = nbody,
            [WORK_SGEMM] = sgemm } };
