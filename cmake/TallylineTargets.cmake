# With TALLYLINE_LTO a layer's objects hold both forms, so that the programs are
# optimised across the layers while the many tests link as quickly as ever.
function(tallyline_compile_for_lto name)
  if(TALLYLINE_LTO)
    target_compile_options(${name} PRIVATE -flto=auto -ffat-lto-objects)
  endif()
endfunction()

function(tallyline_link_with_lto name)
  if(TALLYLINE_LTO)
    target_link_options(${name} PRIVATE -flto=auto)
  endif()
endfunction()

# tallyline_layer(NAME SOURCES a.c b.c ... PUBLIC libs ... PRIVATE libs ...)
# A static library that is one layer. A layer without sources is an INTERFACE
# library, so that a folder can be there before its first file.
function(tallyline_layer name)
  cmake_parse_arguments(LAYER "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(LAYER_SOURCES)
    add_library(${name} STATIC ${LAYER_SOURCES})
    target_link_libraries(${name}
      PUBLIC ${LAYER_PUBLIC}
      PRIVATE tallyline_flags ${LAYER_PRIVATE})
    tallyline_compile_for_lto(${name})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${LAYER_PUBLIC})
  endif()
endfunction()

# tallyline_program(NAME FILE main.c LIBS ...)
# A program in TALLYLINE_BIN_DIR, with its installation.
function(tallyline_program name)
  cmake_parse_arguments(PROGRAM "" "OUTPUT;SOURCE" "LIBS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCE})
  set_target_properties(${name} PROPERTIES
    OUTPUT_NAME ${PROGRAM_OUTPUT}
    RUNTIME_OUTPUT_DIRECTORY "${TALLYLINE_BIN_DIR}")
  target_link_libraries(${name} PRIVATE tallyline_flags ${PROGRAM_LIBS})
  tallyline_link_with_lto(${name})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# tallyline_bench(NAME SOURCES ... LIBS ...)
# Program bench_NAME; `./dev bench NAME` builds and runs it in release.
function(tallyline_bench name)
  cmake_parse_arguments(BENCH "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(bench_${name} EXCLUDE_FROM_ALL ${BENCH_SOURCES})
  target_link_libraries(bench_${name} PRIVATE tallyline_flags ${BENCH_LIBS})
  tallyline_link_with_lto(bench_${name})
endfunction()
