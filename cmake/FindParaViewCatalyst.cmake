# Finds ParaView's legacy Catalyst with Python as Debian packages it, and makes the target
# ParaViewCatalyst. ParaView's own CMake package names targets of some thirty libraries that need
# not be installed, so the headers and libraries are found directly.
set(ParaViewCatalyst_VERSION 5.11)
find_path(PARAVIEW_INCLUDE_DIR vtkCPPythonPipeline.h
  PATH_SUFFIXES paraview-${ParaViewCatalyst_VERSION})
set(libraries)
foreach(name vtkPVPythonCatalyst vtkPVCatalyst vtkParallelMPI vtkParallelCore vtkCommonDataModel
             vtkCommonExecutionModel vtkCommonCore vtkCommonSystem vtksys)
  find_library(PARAVIEW_${name} NAMES ${name}-pv${ParaViewCatalyst_VERSION})
  list(APPEND libraries PARAVIEW_${name})
endforeach()

# VTK's libraries for Python do not name libpython as one that they need: it is that beside them.
if(PARAVIEW_vtkPVPythonCatalyst)
  get_filename_component(folder ${PARAVIEW_vtkPVPythonCatalyst} DIRECTORY)
  file(GLOB found ${folder}/libpython3.*.so.1.0)
  if(found)
    list(GET found -1 found)
    set(PARAVIEW_LIBPYTHON ${found} CACHE FILEPATH "The libpython that ParaView was built with")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ParaViewCatalyst
  REQUIRED_VARS PARAVIEW_INCLUDE_DIR PARAVIEW_LIBPYTHON ${libraries}
  VERSION_VAR ParaViewCatalyst_VERSION)
mark_as_advanced(PARAVIEW_INCLUDE_DIR PARAVIEW_LIBPYTHON ${libraries})

if(ParaViewCatalyst_FOUND AND NOT TARGET ParaViewCatalyst)
  add_library(ParaViewCatalyst INTERFACE IMPORTED)
  target_include_directories(ParaViewCatalyst SYSTEM INTERFACE ${PARAVIEW_INCLUDE_DIR})
  foreach(library IN LISTS libraries)
    target_link_libraries(ParaViewCatalyst INTERFACE ${${library}})
  endforeach()
  target_link_options(ParaViewCatalyst INTERFACE -Wl,--no-as-needed)
  target_link_libraries(ParaViewCatalyst INTERFACE ${PARAVIEW_LIBPYTHON})
  get_filename_component(soname ${PARAVIEW_LIBPYTHON} NAME)
  target_compile_definitions(ParaViewCatalyst INTERFACE SYMWAVE_LIBPYTHON="${soname}")
endif()
