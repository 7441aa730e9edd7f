# SPDX-License-Identifier: Apache-2.0
#
# parfun_add_kernels(TARGET FILE.cl ... [PREFIX p] [OPTIONS option ...])
#
# Compiles OpenCL C files into a target of the same folder: native code for every
# CPU, the text for OpenCL devices, and for each file a header of the same name
# with the C functions that `#pragma parfun` describes.  PREFIX stands in front of
# the functions' and headers' names.  OPTIONS are parfun-cc's, such as -DSIZE=4,
# -I<folder>, -cl-fast-relaxed-math.
#
# PARFUN_CLANG names the clang to use, where it is not in PATH.

include_guard(GLOBAL)

# A clang for which there is a plugin; its absence is told before anything builds.
function(parfun_check_clang)
    if(NOT TARGET parfun::parfun-cc)
        if(DEFINED PARFUN_CC_MAJORS) # the installed package
            message(FATAL_ERROR "parfun_add_kernels: parfun's tools are not "
                "installed: ${PARFUN_CC} is missing; install them with parfun "
                "(CMake component \"development\", Debian package libparfun-dev)")
        endif()
        return() # in parfun's own build: the target comes later
    endif()
    get_property(checked GLOBAL PROPERTY PARFUN_CLANG_CHECKED)
    if(checked OR NOT DEFINED PARFUN_CC_MAJORS)
        return()
    endif()
    list(GET PARFUN_CC_MAJORS 0 newest)
    set(names ${PARFUN_CC_MAJORS})
    list(TRANSFORM names PREPEND "clang-")
    find_program(PARFUN_CLANG NAMES ${names}
        DOC "The clang that compiles kernels")
    if(NOT PARFUN_CLANG)
        message(FATAL_ERROR "parfun_add_kernels needs clang ${newest}; "
            "on Debian: apt-get install clang-${newest}, "
            "or name it with -DPARFUN_CLANG=")
    endif()
    execute_process(COMMAND "${PARFUN_CLANG}" -dumpversion
        OUTPUT_VARIABLE version ERROR_QUIET RESULT_VARIABLE failed)
    string(REGEX MATCH "^[0-9]+" version "${version}")
    if(failed OR NOT version IN_LIST PARFUN_CC_MAJORS)
        list(JOIN PARFUN_CC_MAJORS ", " majors)
        message(FATAL_ERROR "parfun_add_kernels needs clang ${majors}, and "
            "${PARFUN_CLANG} is version \"${version}\"; "
            "on Debian: apt-get install clang-${newest}, "
            "then configure with -DPARFUN_CLANG=clang-${newest}")
    endif()
    set_property(GLOBAL PROPERTY PARFUN_CLANG_CHECKED TRUE)
endfunction()

function(parfun_add_kernels target)
    cmake_parse_arguments(PARSE_ARGV 1 kernels "" "PREFIX" "OPTIONS")
    if(NOT TARGET "${target}")
        message(FATAL_ERROR "parfun_add_kernels: there is no target ${target}; "
            "call add_executable() or add_library() first")
    endif()
    if(NOT kernels_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "parfun_add_kernels(${target}): no file is named")
    endif()
    parfun_check_clang()

    set(arguments ${kernels_OPTIONS})
    if(kernels_PREFIX)
        list(APPEND arguments --prefix "${kernels_PREFIX}")
    endif()
    if(PARFUN_CLANG AND DEFINED PARFUN_CC_MAJORS)
        list(APPEND arguments --clang "${PARFUN_CLANG}")
    endif()
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.kernels")
    file(MAKE_DIRECTORY "${folder}")
    foreach(file IN LISTS kernels_UNPARSED_ARGUMENTS)
        get_filename_component(source "${file}" ABSOLUTE)
        if(NOT EXISTS "${source}")
            get_source_file_property(generated "${source}" GENERATED)
            if(NOT generated)
                message(FATAL_ERROR
                    "parfun_add_kernels(${target}): there is no ${source}; a file's "
                    "name, or is it a misspelt PREFIX or OPTIONS?")
            endif()
        endif()
        get_filename_component(stem "${file}" NAME_WLE)
        set(name "${kernels_PREFIX}${stem}")
        set(object "${folder}/${name}${CMAKE_C_OUTPUT_EXTENSION}")
        set(header "${folder}/${name}.h")
        add_custom_command(OUTPUT "${object}" "${header}"
            COMMAND parfun::parfun-cc "${source}" -o "${object}"
                --header "${header}" --depfile "${object}.d" ${arguments}
            DEPENDS "${source}" parfun::parfun-cc
                $<$<TARGET_EXISTS:parfun-cc-plugin>:parfun-cc-plugin>
            DEPFILE "${object}.d"
            COMMENT "Compiling kernels ${file}"
            VERBATIM COMMAND_EXPAND_LISTS)
        set_source_files_properties("${object}" PROPERTIES
            EXTERNAL_OBJECT TRUE GENERATED TRUE)
        target_sources("${target}" PRIVATE "${object}" "${header}")
    endforeach()
    target_include_directories("${target}" PRIVATE "${folder}")
    target_link_libraries("${target}" PRIVATE parfun::parfun m)
    if(CMAKE_SYSTEM_NAME STREQUAL "Linux"
            AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
        target_link_libraries("${target}" PRIVATE mvec)
    endif()
endfunction()
