# symwave_warnings(<target>): the warnings of the house, as errors.
function(symwave_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Werror
    -Wno-maybe-uninitialized -Wno-nonnull)  # false alarms of GCC 12 inside the standard library
endfunction()

# symwave_library(<name> <sources...> DEPENDS <targets...>)
# A static library symwave_<name> with the include root at the top of the repository.
function(symwave_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  add_library(symwave_${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(symwave_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(symwave_${name} PUBLIC ${ARG_DEPENDS})
  symwave_warnings(symwave_${name})
endfunction()
