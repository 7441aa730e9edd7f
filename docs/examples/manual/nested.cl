#pragma parfun split(x) combine(sum(double): total)
kernel void energy(global const float *x, global float *total)
{
    size_t i = get_global_id(0);

    total[i] = x[i] * x[i];
}
