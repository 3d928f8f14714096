# cmake -DSOURCE=DIR -DNPM=FILE -DSTAMP=FILE -P WebModules.cmake
# Brings node_modules to what package-lock.json says. Once it is so, nothing is
# asked of the network, whatever the times of the files.
set(modules "${SOURCE}/node_modules")
file(MAKE_DIRECTORY "${SOURCE}/build")
file(LOCK "${SOURCE}/build" DIRECTORY GUARD PROCESS TIMEOUT 600)
file(SHA256 "${SOURCE}/package-lock.json" wanted)
set(found "")
if(EXISTS "${modules}/.tallyline")
  file(READ "${modules}/.tallyline" found)
endif()
if(NOT found STREQUAL wanted)
  execute_process(
    COMMAND "${NPM}" ci --ignore-scripts --prefer-offline --no-audit --no-fund
    WORKING_DIRECTORY "${SOURCE}"
    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "npm ci failed; the first build needs the network to "
      "fetch what package-lock.json names:\n${said}")
  endif()
  file(WRITE "${modules}/.tallyline" "${wanted}")
endif()
file(TOUCH "${STAMP}")
