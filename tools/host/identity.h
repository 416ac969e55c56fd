// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the plugins are called, in their bundle and by who loads them

#ifndef GRUS_HOST_IDENTITY_H
#define GRUS_HOST_IDENTITY_H

#define GRUS_VOICE_URI "urn:grus:voice"
#define GRUS_VOICE_STEREO_URI "urn:grus:voice-stereo"

#endif // GRUS_HOST_IDENTITY_H
