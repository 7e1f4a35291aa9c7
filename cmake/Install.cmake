# `cmake --install build/release --prefix DIR`: a tree that may be moved as a whole. Program and
# libraries, what the program finds by its own place (domain/base/shared_files.hpp), and a CMake
# package.
include(CMakePackageConfigHelpers)

set(shared ${CMAKE_INSTALL_DATADIR}/symwave)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/symwave)

install(TARGETS symwave)
install(DIRECTORY postproc DESTINATION ${shared} USE_SOURCE_PERMISSIONS
  FILES_MATCHING PATTERN "report" PATTERN "*.py" PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY inputs DESTINATION ${shared})
install(DIRECTORY jobs/slurm DESTINATION ${shared}/jobs)
install(PROGRAMS jobs/install-deps DESTINATION ${shared}/jobs)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/symwave)

if(SYMWAVE_FINISHED)
  return()  # libraries of another build are not ours to install
endif()
foreach(folder domain io solvers training jobs)
  install(TARGETS symwave_${folder} EXPORT symwaveTargets)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/symwave
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(EXPORT symwaveTargets NAMESPACE symwave:: DESTINATION ${package})
set(SHARED_FOLDER ${shared})
configure_package_config_file(cmake/symwaveConfig.cmake.in
  ${PROJECT_BINARY_DIR}/symwaveConfig.cmake INSTALL_DESTINATION ${package} PATH_VARS SHARED_FOLDER)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/symwaveConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/Dependencies.cmake ${PROJECT_BINARY_DIR}/symwaveConfig.cmake
  ${PROJECT_BINARY_DIR}/symwaveConfigVersion.cmake DESTINATION ${package})
