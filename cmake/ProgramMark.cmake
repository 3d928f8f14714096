# cmake -DSOURCE=DIR -DOUTPUT=FILE -P ProgramMark.cmake
# Writes a header with the SHA-256 of everything that decides what a fold comes
# to: the state that another version of it has saved is not taken over.
file(GLOB_RECURSE files RELATIVE "${SOURCE}"
  "${SOURCE}/common/*.[ch]" "${SOURCE}/collector/figures/*.[ch]"
  "${SOURCE}/proto/*.proto")
list(SORT files)
set(all "")
foreach(file IN LISTS files)
  file(SHA256 "${SOURCE}/${file}" hash)
  string(APPEND all "${hash}  ${file}\n")
endforeach()
string(SHA256 mark "${all}")
set(text "#define PROGRAM_MARK \"${mark}\"\n")
set(before "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT text STREQUAL before)
  file(WRITE "${OUTPUT}" "${text}")
endif()
