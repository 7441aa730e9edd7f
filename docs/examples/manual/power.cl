/* part: power */
#pragma parfun split(values) combine(result)
kernel void list_pow(float factor, global const float *values, global float *result)
{
    size_t i = get_global_id(0);

    result[i] = pow(values[i], factor);
}
/* end */
