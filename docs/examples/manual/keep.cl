/* part: kernel */
/* `all` is neither split nor combined: every partition sees the whole of it. */
#pragma parfun split(position) combine(next)
kernel void relax(uint count, global const float *all, global const float *position,
        global float *next)
{
    size_t i = get_global_id(0);
    float pull = 0;

    for (uint j = 0; j < count; j++)
        pull += all[j] - position[i];
    next[i] = position[i] + 0.5f * pull / count;
}
/* end */
