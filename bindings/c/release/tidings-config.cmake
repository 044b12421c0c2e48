# Gives the target tidings::tidings. A cross build says for which core, by TIDINGS_TARGET: the name of a folder in lib.
get_filename_component(_tidings_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT DEFINED TIDINGS_TARGET AND NOT CMAKE_CROSSCOMPILING)
    set(TIDINGS_TARGET "@HOST@")
endif()
set(_tidings_archive "${_tidings_root}/lib/${TIDINGS_TARGET}/libtidings.a")
if(NOT TIDINGS_TARGET OR NOT EXISTS "${_tidings_archive}")
    message(FATAL_ERROR "tidings: TIDINGS_TARGET is '${TIDINGS_TARGET}'; this release has @TARGETS@")
endif()
if(NOT TARGET tidings::tidings)
    add_library(tidings::tidings STATIC IMPORTED GLOBAL)
    set_target_properties(tidings::tidings PROPERTIES
        IMPORTED_LOCATION "${_tidings_archive}"
        INTERFACE_INCLUDE_DIRECTORIES "${_tidings_root}/include")
endif()
