// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file keys.h

   What a text is called in each family.  Names of Vorbis comments are the
   common tongue.
*/

#ifndef GRUS_TOOLS_METADATA_KEYS_H
#define GRUS_TOOLS_METADATA_KEYS_H

/// Families of names
typedef enum {
  KEY_VORBIS,
  KEY_INFO, ///< Items of a RIFF file's INFO list
  KEY_ID3,  ///< Frames of ID3v2.4
  KEY_ID22, ///< Frames of ID3v2.2
  KEY_AIFF,
  KEY_CAF,
  KEY_APE,
} KeyFamily;

/// Return the name in one family of what another calls `name`, null if it has
/// none; case does not matter
const char*
key_translate(const char* name, KeyFamily from, KeyFamily to);

#endif // GRUS_TOOLS_METADATA_KEYS_H
