/* SPDX-License-Identifier: Apache-2.0 */
/* nothing.cl: what a partition costs that does nothing. */
#pragma parfun split(x)
kernel void nothing(global const int *x)
{
}
