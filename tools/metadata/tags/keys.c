// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/tags/keys.h"

#include <stddef.h>
#include <strings.h>

enum { N_FAMILIES = 7 };

// The first row with a name counts
static const char* const names[][N_FAMILIES] = {
  {"TITLE", "INAM", "TIT2", "TT2", "NAME", "title", "Title"},
  {"ARTIST", "IART", "TPE1", "TP1", "AUTH", "artist", "Artist"},
  {"ALBUM", "IPRD", "TALB", "TAL", NULL, "album", "Album"},
  {"DATE", "ICRD", "TDRC", "TYE", NULL, "recorded date", "Year"},
  {"DATE", NULL, "TYER", NULL, NULL, "year", NULL},
  {"GENRE", "IGNR", "TCON", "TCO", NULL, "genre", "Genre"},
  {"COMMENT", "ICMT", NULL, NULL, "ANNO", "comments", "Comment"},
  {"TRACKNUMBER", "ITRK", "TRCK", "TRK", NULL, "track number", "Track"},
  {"TRACKNUMBER", "IPRT", NULL, NULL, NULL, NULL, NULL},
  {"COPYRIGHT", "ICOP", "TCOP", "TCR", "(c) ", "copyright", "Copyright"},
  {"COMPOSER", "IMUS", "TCOM", "TCM", NULL, "composer", "Composer"},
  {"ENCODER", "ISFT", "TSSE", "TSS", NULL, "encoding application", NULL},
  {"ENCODED-BY", "ITCH", "TENC", "TEN", NULL, NULL, "EncodedBy"},
  {"ENGINEER", "IENG", NULL, NULL, NULL, NULL, NULL},
  {"LANGUAGE", "ILNG", "TLAN", "TLA", NULL, NULL, "Language"},
  {"KEYWORDS", "IKEY", NULL, NULL, NULL, "keywords", NULL},
  {"DESCRIPTION", "ISBJ", NULL, NULL, NULL, NULL, NULL},
  {"SOURCE", "ISRC", NULL, NULL, NULL, NULL, NULL},
  {"BPM", "IBPM", "TBPM", "TBP", NULL, "tempo", "BPM"},
  {"ALBUMARTIST", NULL, "TPE2", "TP2", NULL, NULL, "Album Artist"},
  {"CONDUCTOR", NULL, "TPE3", "TP3", NULL, NULL, "Conductor"},
  {"REMIXER", "IEDT", "TPE4", "TP4", NULL, NULL, "MixArtist"},
  {"LYRICIST", "IWRI", "TEXT", "TXT", NULL, "lyricist", "Lyricist"},
  {"PUBLISHER", "IPUB", "TPUB", "TPB", NULL, NULL, "Publisher"},
  {"DISCNUMBER", NULL, "TPOS", "TPA", NULL, NULL, "Disc"},
  {"ISRC", NULL, "TSRC", "TRC", NULL, NULL, "ISRC"},
  {"GROUPING", NULL, "TIT1", "TT1", NULL, NULL, "Grouping"},
  {"SUBTITLE", NULL, "TIT3", "TT3", NULL, NULL, "Subtitle"},
  {"DISCSUBTITLE", NULL, "TSST", NULL, NULL, NULL, NULL},
  {"INITIALKEY", NULL, "TKEY", "TKE", NULL, "key signature", NULL},
  {"MOOD", NULL, "TMOO", NULL, NULL, NULL, "Mood"},
  {"MEDIA", "IMED", "TMED", "TMT", NULL, NULL, "Media"},
  {"COMPILATION", NULL, "TCMP", "TCP", NULL, NULL, "Compilation"},
  {"ORIGINALDATE", NULL, "TDOR", "TOR", NULL, NULL, NULL},
  {"ORIGINALDATE", NULL, "TORY", NULL, NULL, NULL, NULL},
  {"RELEASEDATE", NULL, "TDRL", NULL, NULL, NULL, NULL},
  {"ENCODINGTIME", "IDIT", "TDEN", NULL, NULL, NULL, NULL},
  {"ORIGINALARTIST", NULL, "TOPE", "TOA", NULL, NULL, NULL},
  {"OWNER", NULL, "TOWN", NULL, NULL, NULL, NULL},
  {"TITLESORT", NULL, "TSOT", NULL, NULL, NULL, NULL},
  {"ARTISTSORT", NULL, "TSOP", NULL, NULL, NULL, NULL},
  {"ALBUMSORT", NULL, "TSOA", NULL, NULL, NULL, NULL},
  {"ALBUMARTISTSORT", NULL, "TSO2", NULL, NULL, NULL, NULL},
  {"COMPOSERSORT", NULL, "TSOC", NULL, NULL, NULL, NULL},
};

const char*
key_translate(const char* const name, const KeyFamily from, const KeyFamily to)
{
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (names[i][from] && names[i][to] && !strcasecmp(names[i][from], name)) {
      return names[i][to];
    }
  }
  return NULL;
}
