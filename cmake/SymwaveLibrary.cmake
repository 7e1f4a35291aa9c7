# symwave_warnings(<target>): the warnings of the house, as errors.
function(symwave_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Werror
    -Wno-maybe-uninitialized -Wno-nonnull)  # false alarms of GCC 12 inside the standard library
  if(CMAKE_UNITY_BUILD)
    # GCC takes the unnamed namespace of a source that it compiles together with others for that of a
    # header.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

option(SYMWAVE_PRECOMPILED_HEADERS
  "Parse the headers of the libraries once per folder; OFF shows includes that are missing" ON)

# What most files of all targets include.
set(SYMWAVE_COMMON_HEADERS <algorithm> <array> <cmath> <complex> <cstdint> <functional> <map>
    <memory> <string> <vector> <mpi.h>)

# symwave_precompile(<target> PRIVATE <headers...>) or (<target> REUSE_FROM <target>)
# Parses these headers once for the target, or takes those of another one with the same flags.
function(symwave_precompile target)
  if(SYMWAVE_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} ${ARGN})
  endif()
endfunction()

# A build with sanitizers of the folders that read what users write takes the rest from a build
# without.
set(SYMWAVE_FINISHED_BUILD "" CACHE PATH "Build folder that SYMWAVE_FINISHED is taken from")
set(SYMWAVE_FINISHED "" CACHE STRING "Folders (solvers;jobs ...) that are not compiled here")

if(SYMWAVE_FINISHED)
  # Eigen aligns by hand under the address sanitizer, and what one part allocates another one frees.
  add_compile_definitions(EIGEN_MALLOC_ALREADY_ALIGNED=1)
endif()

# symwave_library(<name> <sources...> DEPENDS <targets...> [PRECOMPILE <further headers>])
# A static library symwave_<name> with the include root at the top of the repository.
function(symwave_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRECOMPILE" ${ARGN})
  if(name IN_LIST SYMWAVE_FINISHED)
    add_library(symwave_${name} STATIC IMPORTED GLOBAL)
    set_target_properties(symwave_${name} PROPERTIES
      IMPORTED_LOCATION ${SYMWAVE_FINISHED_BUILD}/${name}/libsymwave_${name}.a)
    target_link_libraries(symwave_${name} INTERFACE ${ARG_DEPENDS})
    return()
  endif()
  add_library(symwave_${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(symwave_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/symwave>)
  set_target_properties(symwave_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(symwave_${name} PUBLIC ${ARG_DEPENDS})
  symwave_warnings(symwave_${name})
  symwave_precompile(symwave_${name} PRIVATE ${SYMWAVE_COMMON_HEADERS} ${ARG_PRECOMPILE})
endfunction()
