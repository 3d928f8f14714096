# The libraries of the system, as imported targets PkgConfig::NAME.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(zmq REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(protobuf_c REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
if(TALLYLINE_TESTS)
  pkg_check_modules(criterion REQUIRED IMPORTED_TARGET criterion)
endif()

# libcsv has no .pc file.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(tallyline_csv INTERFACE)
target_include_directories(tallyline_csv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(tallyline_csv INTERFACE ${CSV_LIBRARY})

find_program(PROTOC_C protoc-c REQUIRED)
find_program(MANDOC mandoc)
