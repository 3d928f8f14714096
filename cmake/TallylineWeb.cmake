# tallyline_web(NAME FOLDER)
# Library NAME: the pages of FOLDER, bundled, compressed and as one table in C
# (web/build.mjs). Its folder NAME below the build's has the plain files, for
# `run --web-dir`.
find_program(NODE NAMES node REQUIRED)
find_program(NPM NAMES npm REQUIRED)

set(web_modules "${PROJECT_BINARY_DIR}/web_modules.stamp")
add_custom_command(OUTPUT "${web_modules}"
  COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DNPM=${NPM}"
    "-DSTAMP=${web_modules}"
    -P "${PROJECT_SOURCE_DIR}/cmake/WebModules.cmake"
  DEPENDS "${PROJECT_SOURCE_DIR}/package-lock.json"
    "${PROJECT_SOURCE_DIR}/cmake/WebModules.cmake"
  VERBATIM)
add_custom_target(web_modules DEPENDS "${web_modules}")

function(tallyline_web name folder)
  set(output "${PROJECT_BINARY_DIR}/${name}")
  add_custom_command(OUTPUT "${output}/web_files.c"
    COMMAND "${NODE}" web/build.mjs "${folder}" "${output}"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    DEPENDS "${PROJECT_SOURCE_DIR}/web/build.mjs" "${web_modules}"
    DEPFILE "${output}/web_files.d"
    COMMENT "Pages of ${folder}"
    VERBATIM)
  add_library(${name} STATIC "${output}/web_files.c")
  target_link_libraries(${name} PRIVATE tallyline_flags)
  tallyline_compile_for_lto(${name})
endfunction()
