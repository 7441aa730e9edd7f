/* SPDX-License-Identifier: Apache-2.0 */
/* unsupported.h: what native code does not have is an error that says so, with
 * the line of the kernel that uses it. */

#define PF_NO(NAME, WHAT)                                                     \
    int NAME(void)                                                            \
            __attribute__((unavailable(WHAT " not supported in native code")));

PF_NO(pf_images, "images are")
PF_NO(pf_pipes, "pipes are")
PF_NO(pf_device_queues, "device queues are")
PF_NO(pf_sub_groups, "sub-groups are")
PF_NO(pf_version_2_atomics, "the atomics of OpenCL C 2.0 are")
PF_NO(pf_group_functions, "the work-group functions of OpenCL C 2.0 are")
#undef PF_NO

/* Types: the kernel's parameters already say what is wrong.  Samplers and types of
 * OpenCL C 2.0 are for clang and the plugin to refuse. */
typedef int pf_image __attribute__((
        unavailable("images are not supported in native code")));
#define image1d_t pf_image
#define image1d_buffer_t pf_image
#define image1d_array_t pf_image
#define image2d_t pf_image
#define image2d_array_t pf_image
#define image3d_t pf_image
#define read_only
#define __read_only
#define write_only
#define __write_only
#define CLK_NORMALIZED_COORDS_FALSE 0
#define CLK_NORMALIZED_COORDS_TRUE 1
#define CLK_ADDRESS_NONE 0
#define CLK_ADDRESS_CLAMP_TO_EDGE 2
#define CLK_ADDRESS_CLAMP 4
#define CLK_ADDRESS_REPEAT 6
#define CLK_ADDRESS_MIRRORED_REPEAT 8
#define CLK_FILTER_NEAREST 16
#define CLK_FILTER_LINEAR 32

/* Functions. */
#define read_imagef(...) pf_images()
#define read_imagei(...) pf_images()
#define read_imageui(...) pf_images()
#define write_imagef(...) pf_images()
#define write_imagei(...) pf_images()
#define write_imageui(...) pf_images()
#define get_image_width(...) pf_images()
#define get_image_height(...) pf_images()
#define get_image_depth(...) pf_images()
#define get_image_dim(...) pf_images()
#define get_image_channel_data_type(...) pf_images()
#define get_image_channel_order(...) pf_images()
#define get_image_array_size(...) pf_images()

#define read_pipe(...) pf_pipes()
#define write_pipe(...) pf_pipes()
#define reserve_read_pipe(...) pf_pipes()
#define reserve_write_pipe(...) pf_pipes()
#define commit_read_pipe(...) pf_pipes()
#define commit_write_pipe(...) pf_pipes()
#define get_pipe_num_packets(...) pf_pipes()
#define get_pipe_max_packets(...) pf_pipes()

#define enqueue_kernel(...) pf_device_queues()
#define enqueue_marker(...) pf_device_queues()
#define get_default_queue(...) pf_device_queues()
#define create_user_event(...) pf_device_queues()
#define set_user_event_status(...) pf_device_queues()
#define ndrange_1D(...) pf_device_queues()
#define ndrange_2D(...) pf_device_queues()
#define ndrange_3D(...) pf_device_queues()

#define get_sub_group_size(...) pf_sub_groups()
#define get_max_sub_group_size(...) pf_sub_groups()
#define get_num_sub_groups(...) pf_sub_groups()
#define get_sub_group_id(...) pf_sub_groups()
#define get_sub_group_local_id(...) pf_sub_groups()
#define sub_group_barrier(...) pf_sub_groups()
#define sub_group_all(...) pf_sub_groups()
#define sub_group_any(...) pf_sub_groups()
#define sub_group_broadcast(...) pf_sub_groups()
#define sub_group_reduce_add(...) pf_sub_groups()
#define sub_group_reduce_min(...) pf_sub_groups()
#define sub_group_reduce_max(...) pf_sub_groups()
#define sub_group_scan_exclusive_add(...) pf_sub_groups()
#define sub_group_scan_exclusive_min(...) pf_sub_groups()
#define sub_group_scan_exclusive_max(...) pf_sub_groups()
#define sub_group_scan_inclusive_add(...) pf_sub_groups()
#define sub_group_scan_inclusive_min(...) pf_sub_groups()
#define sub_group_scan_inclusive_max(...) pf_sub_groups()

#define atomic_init(...) pf_version_2_atomics()
#define atomic_load(...) pf_version_2_atomics()
#define atomic_store(...) pf_version_2_atomics()
#define atomic_exchange(...) pf_version_2_atomics()
#define atomic_fetch_add(...) pf_version_2_atomics()
#define atomic_fetch_sub(...) pf_version_2_atomics()
#define atomic_fetch_or(...) pf_version_2_atomics()
#define atomic_fetch_xor(...) pf_version_2_atomics()
#define atomic_fetch_and(...) pf_version_2_atomics()
#define atomic_fetch_min(...) pf_version_2_atomics()
#define atomic_fetch_max(...) pf_version_2_atomics()
#define atomic_load_explicit(...) pf_version_2_atomics()
#define atomic_store_explicit(...) pf_version_2_atomics()
#define atomic_exchange_explicit(...) pf_version_2_atomics()
#define atomic_fetch_add_explicit(...) pf_version_2_atomics()
#define atomic_fetch_sub_explicit(...) pf_version_2_atomics()
#define atomic_fetch_or_explicit(...) pf_version_2_atomics()
#define atomic_fetch_xor_explicit(...) pf_version_2_atomics()
#define atomic_fetch_and_explicit(...) pf_version_2_atomics()
#define atomic_fetch_min_explicit(...) pf_version_2_atomics()
#define atomic_fetch_max_explicit(...) pf_version_2_atomics()
#define atomic_compare_exchange_strong(...) pf_version_2_atomics()
#define atomic_compare_exchange_weak(...) pf_version_2_atomics()
#define atomic_compare_exchange_strong_explicit(...) pf_version_2_atomics()
#define atomic_compare_exchange_weak_explicit(...) pf_version_2_atomics()
#define atomic_work_item_fence(...) pf_version_2_atomics()

#define work_group_all(...) pf_group_functions()
#define work_group_any(...) pf_group_functions()
#define work_group_broadcast(...) pf_group_functions()
#define work_group_reduce_add(...) pf_group_functions()
#define work_group_reduce_min(...) pf_group_functions()
#define work_group_reduce_max(...) pf_group_functions()
#define work_group_scan_exclusive_add(...) pf_group_functions()
#define work_group_scan_inclusive_add(...) pf_group_functions()

#undef __IMAGE_SUPPORT__
