/* SPDX-License-Identifier: Apache-2.0 */
/* sgemm.cl: c = a b in tiles of 16 x 16 that a work-group shares.  Items are rows of
 * a and c; all three sizes are multiples of 16. */
#define TILE 16

#pragma parfun range(columns, items) workgroup(16, 16)
#pragma parfun split(rows(inner): a) combine(rows(columns): c)
kernel __attribute__((reqd_work_group_size(TILE, TILE, 1))) void sgemm(uint columns, uint inner, global const float *a,
        global const float *b, global float *c)
{
    local float tile_a[TILE][TILE], tile_b[TILE][TILE];
    uint x = get_local_id(0), y = get_local_id(1);
    uint column = get_global_id(0), row = get_global_id(1);
    float sum = 0;

    for (uint t = 0; t < inner; t += TILE) {
        tile_a[y][x] = a[row * inner + t + x];
        tile_b[y][x] = b[(t + y) * columns + column];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint k = 0; k < TILE; k++)
            sum += tile_a[y][k] * tile_b[k][x];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    c[row * columns + column] = sum;
}
