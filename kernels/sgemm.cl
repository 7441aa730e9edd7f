/* SPDX-License-Identifier: Apache-2.0 */
/* sgemm.cl: c = a b.  A work-item keeps 8 rows of two columns, so that what it reads
 * of b is used 8 times, and of a twice.  The two are half a row apart: neighbours
 * read neighbours.  Items are bands of 8 rows; rows have 2 * pairs columns. */
#define ROWS 8

#pragma parfun range(pairs, items)
#pragma parfun split(rows(8*inner): a) combine(rows(16*pairs): c)
kernel void sgemm(uint pairs, uint inner, global const float *a,
        global const float *b, global float *c)
{
    size_t x = get_global_id(0), band = get_global_id(1);
    size_t columns = 2 * (size_t)pairs;
    float2 sum[ROWS];

    a += band * ROWS * inner;
    b += x;
    c += band * ROWS * columns + x;
    for (uint r = 0; r < ROWS; r++)
        sum[r] = 0;
    for (size_t k = 0; k < inner; k++) {
        float2 right = (float2)(b[k * columns], b[k * columns + pairs]);

        for (uint r = 0; r < ROWS; r++)
            sum[r] += a[r * inner + k] * right;
    }
    for (uint r = 0; r < ROWS; r++) {
        c[r * columns] = sum[r].x;
        c[r * columns + pairs] = sum[r].y;
    }
}
