/* part: rows */
#pragma parfun split(rows(width): picture) combine(brightest)
kernel void brightest_of_rows(
        int width, global const float *picture, global float *brightest)
{
    size_t row = get_global_id(0);
    float most = 0;

    for (int x = 0; x < width; x++)
        most = fmax(most, picture[row * width + x]);
    brightest[row] = most;
}
/* end */

/* part: all */
#pragma parfun split(*) combine(distance)
kernel void distances(global const float *x1, global const float *y1,
        global const float *x2, global const float *y2, global float *distance)
{
    size_t i = get_global_id(0);

    distance[i] = hypot(x2[i] - x1[i], y2[i] - y1[i]);
}
/* end */

/* part: whole */
#pragma parfun split(index) combine(value)
kernel void look_up(
        global const float *table, global const uint *index, global float *value)
{
    size_t i = get_global_id(0);

    value[i] = table[index[i]];
}
/* end */

/* part: halo */
#pragma parfun split(rows(1), halo(1): height) combine(slope)
kernel void slopes(global const float *height, global float *slope)
{
    size_t i = get_global_id(0);

    slope[i] = (height[i + 2] - height[i]) / 2; /* height[0] is the halo */
}
/* end */
