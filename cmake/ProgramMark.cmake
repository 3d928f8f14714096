# cmake -DSOURCE=DIR -DOUTPUT=FILE -P ProgramMark.cmake
# Writes a header with the SHA-256 of everything that decides what a fold comes
# to: the state that another version of it has saved is not taken over.
file(GLOB files RELATIVE "${SOURCE}"
  "${SOURCE}/common/*.c" "${SOURCE}/common/*.h" "${SOURCE}/proto/*.proto"
  "${SOURCE}/collector/ahead.[ch]" "${SOURCE}/collector/batch_cache.[ch]"
  "${SOURCE}/collector/fold_file.[ch]"
  "${SOURCE}/collector/registers*.[ch]" "${SOURCE}/collector/tally.[ch]")
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
